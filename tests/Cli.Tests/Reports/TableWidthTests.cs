using ExecutionPipeline.Cli.Histograms;
using ExecutionPipeline.Cli.Latency;
using ExecutionPipeline.Cli.Models;
using ExecutionPipeline.Cli.Replay;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Cli.Tests.Histograms;
using ExecutionPipeline.Stages.Inference.Models;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Tests.Reports;

/// <summary>80 columns are enough for every table: no line is longer, and no figure is cut or broken.</summary>
public sealed class TableWidthTests
{
    private const int Narrow = 80;
    private const long HourNs = 3_600_000_000_000;

    private LogFolder _logs = null!;
    private string _log = "";
    private string _other = "";

    [SetUp]
    public void WriteFiles()
    {
        _logs = new LogFolder();
        _log = _logs.Write("a.hlog", Interval("platform_hiccup_pipeline", 1), Interval("tag-with-\u001b[31m-in-it", 3));
        _other = _logs.Write("b.hlog", Interval("platform_hiccup_pipeline", 0.001));
    }

    [TearDown]
    public void RemoveFiles() => _logs.Dispose();

    [TestCase("hist totals")]
    [TestCase("hist intervals")]
    [TestCase("hist percentiles")]
    [TestCase("hist compare")]
    [TestCase("latency")]
    [TestCase("replay")]
    [TestCase("models list")]
    [TestCase("models show")]
    [TestCase("models validate")]
    public void ShouldShowEveryFigureWholeWhenTheTerminalHasEightyColumns(string what)
    {
        if (what.StartsWith("models", StringComparison.Ordinal))
            MakeStore();
        var wide = TextOf(what, 1_000);
        var narrow = TextOf(what, Narrow);

        Assert.That(
            narrow.Split('\n').Where(static line => line.TrimEnd().Length > Narrow), Is.Empty, "too long a line");
        Assert.That(narrow, Does.Not.Contain('\u001b'), "a terminal would obey it");
        var words = narrow.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        var figures = wide.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
            .Where(static word => word.Any(char.IsAsciiDigit) && !word.Contains('/'));
        Assert.That(figures, Is.Not.Empty);
        Assert.That(figures.Where(word => !words.Contains(word) && !IsMeasured(what)), Is.Empty, narrow);
    }

    /// <summary>Its latency is measured anew each time, so only its lines can be held against a width.</summary>
    private static bool IsMeasured(string what) => what == "models validate";

    private string TextOf(string what, int width)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        Write(console, what);
        return writer.ToString();
    }

    private void Write(IAnsiConsole console, string what)
    {
        switch (what)
        {
            case "hist compare":
                var compare = new HistCompareOptions { BaselineFile = _log, CandidateFile = _other };
                Run(HistCompareRunner.RunAsync(compare, console, _logs.ErrorWriter, default));
                break;
            case "latency":
                LatencyRunner.Show(console, Latencies());
                break;
            case "replay":
                var options = new ReplayOptions { JournalFolder = "/in", CompareFile = "/other" };
                ReplayRunner.Show(console, options, Replay());
                break;
            default:
                if (what.StartsWith("hist", StringComparison.Ordinal))
                    Print(console, Enum.Parse<HistView>(what[5..], ignoreCase: true));
                else
                    RunModels(console, Enum.Parse<ModelStoreAction>(what[7..], ignoreCase: true));
                break;
        }
    }

    private void Print(IAnsiConsole console, HistView view) => Run(HistPrinter.RunAsync(
        new HistPrintOptions { LogFile = _log, View = view }, console, _logs.ErrorWriter, default));

    private void RunModels(IAnsiConsole console, ModelStoreAction action) => Run(ModelStoreRunner.RunAsync(
        new ModelStoreOptions { Action = action, StoreDirectory = _logs.PathOf("store"), LatencyMaxUs = 1e6 },
        console,
        default));

    private static void Run(Task<int> command) => Assert.That(command.GetAwaiter().GetResult(), Is.Zero);

    /// <summary>Two versions; the second one's manifest has control characters and a long name.</summary>
    private void MakeStore()
    {
        var store = new ModelStore(_logs.PathOf("store"));
        store.MakeCurrent(store.Add(RepositoryFiles.PathOf("models-onnx"), "a test"));
        var folder = Directory.CreateDirectory(_logs.PathOf("models")).FullName;
        foreach (var file in Directory.GetFiles(RepositoryFiles.PathOf("models-onnx")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var manifest = ModelDirectory.Open(folder).Manifest;
        var origin = manifest.Origin with { Method = "by \u001b[2J hand" };
        File.WriteAllText(
            Path.Combine(folder, ModelManifest.FileName), (manifest with { Origin = origin }).ToJson());
        store.MakeCurrent(store.Add(folder, "a \u001b[31m tool"));
    }

    private static LongHistogram Interval(string tag, double share)
    {
        var histogram = new LongHistogram(1, 4 * HourNs, 3)
        {
            Tag = tag,
            StartTimeStamp = LogFolder.StartMs + 123_456_789,
            EndTimeStamp = LogFolder.StartMs + 123_457_789,
        };
        for (var i = 1; i <= 1_000; i++)
            histogram.RecordValue((long)(HourNs * share * i / 1_000));
        return histogram;
    }

    private static LatencyReport Latencies() => new()
    {
        BatchEvents = 64,
        Subjects =
        [
            new SubjectLatency
            {
                Name = "inference_onnxruntime",
                AllocatedBytesPerEvent = 1_234_567.25,
                LatencyNs = new LatencySummary
                {
                    Count = 1, P50 = HourNs, P90 = HourNs + 1, P99 = HourNs + 2, Max = HourNs + 3,
                },
            },
        ],
        OnnxRuntimeOverCompiled = 12.5,
        Machine = "",
        Runtime = "",
    };

    private static ReplayReport Replay() => new()
    {
        Events = 1_000_000_000,
        IsWhole = false,
        TornBytes = 123,
        ElapsedS = 1_234.5,
        ThroughputEps = 12_345_678,
        Topology = "pipelined",
        InferenceBackend = "onnxruntime 1.31.1 (merged graph)",
        OutboundBytes = 123_456_789_012,
        OutboundSha256 = new string('7', 64),
        DifferenceAt = 99_999_999_999,
    };
}
