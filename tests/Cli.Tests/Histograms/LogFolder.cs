using ExecutionPipeline.Cli.Histograms;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Tests.Histograms;

/// <summary>A folder with histogram logs, a console and an error writer for what reads them.</summary>
internal sealed class LogFolder : IDisposable
{
    /// <summary>When the logs begin, in milliseconds since 1970.</summary>
    public const long StartMs = 1_700_000_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("xp-tests-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public LogFolder()
    {
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(_output),
        });
        Console.Profile.Width = 200;
        Faults = new LogFaults(_error);
    }

    public IAnsiConsole Console { get; }

    public TextWriter ErrorWriter => _error;

    public LogFaults Faults { get; }

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public string PathOf(string name) => Path.Combine(_folder, name);

    public string Read(string name) => File.ReadAllText(PathOf(name));

    public string Write(string name, params HistogramBase[] intervals)
    {
        using var file = File.Create(PathOf(name));
        HistogramLog.Write(file, intervals, StartMs);
        return PathOf(name);
    }

    /// <summary>An interval of a second that begins so long after the log.</summary>
    public static LongHistogram Interval(string? tag, double startS, params long[] values)
    {
        var histogram = new LongHistogram(1, 10_000_000, 3)
        {
            Tag = tag,
            StartTimeStamp = StartMs + (long)(startS * 1000),
            EndTimeStamp = StartMs + (long)(startS * 1000) + 1000,
        };
        foreach (var value in values)
            histogram.RecordValue(value);
        return histogram;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
