using System.IO.Pipes;
using System.Text.Json;
using System.Text.RegularExpressions;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Histograms;

namespace ExecutionPipeline.Cli.Tests.Histograms;

public sealed class HistCommandsTests
{
    private LogFolder _logs = null!;
    private string _log = "";

    [SetUp]
    public void WriteLog()
    {
        _logs = new LogFolder();
        _log = _logs.Write(
            "a.hlog",
            LogFolder.Interval("risk", 0, 1_000, 1_000),
            LogFolder.Interval("routing", 1, 5_000),
            LogFolder.Interval("risk", 2, 3_000));
    }

    [TearDown]
    public void RemoveLog() => _logs.Dispose();

    [Test]
    public void ShouldAddUpLinesWhenTheyShareATag()
    {
        Assert.That(Print(new HistPrintOptions { LogFile = _log }), Is.Zero);

        Assert.That(_logs.Output, Does.Match(@"risk\s+3\s+1\.67\s+1\.00\s"));
        Assert.That(_logs.Output, Does.Match(@"routing\s+1\s+5\.00\s+5\.00\s"));
    }

    [Test]
    public void ShouldReadTheSameWhenTheLogComesThroughAPipe()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        using (var writer = new AnonymousPipeClientStream(PipeDirection.Out, pipe.ClientSafePipeHandle))
            writer.Write(File.ReadAllBytes(_log));

        var path = $"/proc/self/fd/{pipe.SafePipeHandle.DangerousGetHandle()}";
        Assert.That(Print(new HistPrintOptions { LogFile = path }), Is.Zero, _logs.Error);

        Assert.That(_logs.Output, Does.Match(@"risk\s+3\s+1\.67\s+1\.00\s"));
    }

    [Test]
    public void ShouldLeaveOutTheOthersWhenATagIsGiven()
    {
        Print(new HistPrintOptions
        {
            LogFile = _log,
            Selection = new LogSelection { Tags = "routing" },
            View = HistView.Percentiles,
        });

        Assert.That(_logs.Output, Does.Contain("routing, us").And.Contain("Percentile"));
        Assert.That(_logs.Output, Does.Not.Contain("risk"));
    }

    [Test]
    public void ShouldPrintALineAnIntervalWhenAsked()
    {
        Print(new HistPrintOptions { LogFile = _log, View = HistView.Intervals });

        var lines = _logs.Output.TrimEnd().Split(Environment.NewLine);
        Assert.That(lines, Has.Length.EqualTo(4));
        Assert.That(lines[3], Does.Match(@"^\s+2\.000\s+1\.000\s+risk\s+1\s+3\.00\s"));
        Assert.That(lines.Select(line => line.Length).Distinct().Count(), Is.EqualTo(1), "columns");
    }

    [Test]
    public void ShouldWriteNanosecondsWhenConverted()
    {
        var csv = _logs.PathOf("a.csv");
        var options = new HistPrintOptions { LogFile = _log, View = HistView.Intervals, IsCsv = true };
        Print(options with { OutputFile = csv });
        Print(options with { View = HistView.Totals });

        var lines = File.ReadAllLines(csv);
        var totals = _logs.Output.TrimEnd().Split(Environment.NewLine);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Has.Length.EqualTo(4));
            Assert.That(lines[2], Is.EqualTo("routing,1700000001.000,1.000,1,5002,5003,5003,5003,5003,5003,5003"));
            Assert.That(totals, Has.Length.EqualTo(3));
            Assert.That(totals[1], Does.StartWith("risk,1700000000.000,3.000,3,1667,1000,3001,"));
            Assert.That(lines.Concat(totals).Select(line => line.Count(c => c == ',')), Is.All.EqualTo(10));
        }
    }

    [Test]
    public void ShouldWriteEveryPercentileWhenConvertedSo()
    {
        Print(new HistPrintOptions { LogFile = _log, View = HistView.Percentiles, IsCsv = true });

        var lines = _logs.Output.TrimEnd().Split(Environment.NewLine);
        Assert.That(lines[0], Is.EqualTo("tag,percentile,value_ns,count_up_to_it"));
        Assert.That(lines, Has.One.EqualTo("risk,100,3001,3").And.One.EqualTo("routing,100,5003,1"));
    }

    [Test]
    public void ShouldSayItInOneLineWhenTheTagIsNotThere()
    {
        var options = new HistPrintOptions { LogFile = _log, Selection = new LogSelection { Tags = "rsik" } };

        Assert.That(() => Print(options), Throws.TypeOf<UsageException>().With.Message.Contains("'rsik'"));
    }

    [Test]
    public void ShouldFailWithTheLineWhenOneIsDamaged()
    {
        File.AppendAllText(_log, "Tag=risk,3.0,1.0,0.0,HIST\n");

        Assert.That(Print(new HistPrintOptions { LogFile = _log }), Is.EqualTo(1));
        Assert.That(_logs.Output, Does.Contain("routing"));
        Assert.That(_logs.Error, Does.StartWith($"{_log}: line 7: "));
    }

    [Test]
    public void ShouldKeepEveryIntervalInOrderWhenMerged()
    {
        var other = _logs.Write("b.hlog", LogFolder.Interval("risk", 1.5, 7_000), LogFolder.Interval("x", 9, 1));
        var merged = _logs.PathOf("merged.hlog");

        Assert.That(Merge(new HistMergeOptions { LogFiles = [_log, other], OutputFile = merged }), Is.Zero);

        var intervals = Read(merged);
        Assert.That(
            intervals.Select(one => (
                (one.StartTimeStamp - LogFolder.StartMs) / 1000.0, one.Tag, Distribution.Of(one).Max)),
            Is.EqualTo(new[]
            {
                (0, "risk", 1_000), (1, "routing", 5_003), (1.5, "risk", 7_003), (2, "risk", 3_001), (9, "x", 1),
            }));
        Assert.That(_logs.Output, Does.Contain("5 histograms of 2 logs"));
    }

    [Test]
    public void ShouldHaveOneHistogramATagWhenMergedAsSum()
    {
        var other = _logs.Write("b.hlog", LogFolder.Interval("risk", 1.5, 7_000));
        var merged = _logs.PathOf("merged.hlog");

        Merge(new HistMergeOptions { LogFiles = [_log, other], OutputFile = merged, IsSum = true });

        var sums = Read(merged).Select(one => (one.Tag, one.TotalCount, Distribution.Of(one).Max));
        Assert.That(sums, Is.EqualTo(new[] { ("risk", 4, 7_003), ("routing", 1, 5_003) }));
    }

    [Test]
    public void ShouldLeaveTheOutputAloneWhenThereIsNothingToMerge()
    {
        var merged = _logs.PathOf("merged.hlog");
        File.WriteAllText(merged, "before");
        var options = new HistMergeOptions
        {
            LogFiles = [_log],
            OutputFile = merged,
            Selection = new LogSelection { Start = new LogTime(1000, null) },
        };

        Assert.That(() => Merge(options), Throws.TypeOf<UsageException>().With.Message.Contains("selected time"));
        Assert.That(_logs.Read("merged.hlog"), Is.EqualTo("before"));
        Assert.That(File.Exists(merged + ".part"), Is.False);
    }

    [Test]
    public void ShouldShowBothSidesWhenCompared()
    {
        var other = _logs.Write("b.hlog", LogFolder.Interval("risk", 0, 2_000, 2_000, 6_000));
        var (page, json) = (_logs.PathOf("page.html"), _logs.PathOf("figures.json"));

        Assert.That(Compare(other, page, json), Is.Zero);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_logs.Output, Does.Match(@"p50\s+1\.00\s+2\.00\s+1\.00\s+2\.00\s"));
            Assert.That(_logs.Output, Does.Match(@"max\s+3\.00\s+6\.00\s+3\.00\s+2\.00\s"));
            Assert.That(_logs.Output, Does.Not.Contain("routing"), "only A has it");
            Assert.That(_logs.Output, Does.Match(@"\|B+A*\r?\n|\| +B+\r?\n").And.Contain("90"));
            var figures = JsonDocument.Parse(File.ReadAllText(json)).RootElement;
            var row = figures.GetProperty("comparisons").GetProperty("risk")[5];
            Assert.That(row.GetProperty("candidate").GetInt64(), Is.EqualTo(6_003));
            Assert.That(figures.GetProperty("logs").GetArrayLength(), Is.EqualTo(2));
            Assert.That(File.ReadAllText(page), Does.Contain("\"comparisons\":{\"risk\":[{\"percentile\":50,"));
        }
    }

    [Test]
    public void ShouldCompareWhatThereIsWhenEachHasOneTag()
    {
        var one = _logs.Write("one.hlog", LogFolder.Interval("before", 0, 1_000));
        var other = _logs.Write("other.hlog", LogFolder.Interval(null, 0, 2_000));
        HistCompareRunner.RunAsync(
            new HistCompareOptions { BaselineFile = one, CandidateFile = other },
            _logs.Console, _logs.ErrorWriter, CancellationToken.None).GetAwaiter().GetResult();

        Assert.That(_logs.Output, Does.Contain("before and (no tag)"));
    }

    [Test]
    public void ShouldNameTheTagsWhenNoneIsInCommon()
    {
        var other = _logs.Write("b.hlog", LogFolder.Interval("x", 0, 1), LogFolder.Interval("y", 0, 1));

        Assert.That(
            () => Compare(other, null, null),
            Throws.TypeOf<UsageException>().With.Message.Contains("risk, routing").And.Message.Contains("x, y"));
    }

    [Test]
    public void ShouldNeedNothingButItselfWhenThePageIsWritten()
    {
        var evil = _logs.Write(
            "evil.hlog", LogFolder.Interval("</script><b>{{data}}</b>", 0, 1_000), LogFolder.Interval("risk", 1, 5));
        var (path, json) = (_logs.PathOf("page.html"), _logs.PathOf("figures.json"));
        var options = new HistReportOptions { LogFile = evil, OutputFile = path, JsonFile = json };

        HistReportRunner.RunAsync(options, _logs.Console, _logs.ErrorWriter, CancellationToken.None)
            .GetAwaiter().GetResult();

        var page = File.ReadAllText(path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Regex.Matches(page, "https?://[^\"' ]+").Select(match => match.Value),
                Is.All.EqualTo("http://www.w3.org/2000/svg"));
            Assert.That(Regex.Matches(page, "</script>"), Has.Count.EqualTo(2));
            Assert.That(page, Does.Not.Contain("<b>").And.Not.Contain("{{style}}"));
            Assert.That(page, Does.Contain("\"times\":[[1700000001000,1000,1000,1000,1000]]"));
            var log = JsonDocument.Parse(File.ReadAllText(json)).RootElement.GetProperty("logs")[0];
            var figures = log.GetProperty("tags")[1].GetProperty("latency_ns");
            Assert.That(figures.GetProperty("p99_9").GetInt64(), Is.EqualTo(5));
        }
    }

    private List<HistogramBase> Read(string path) =>
        [.. new HistogramLog(path, _logs.Faults).Read(new LogSelection(), CancellationToken.None)];

    private int Print(HistPrintOptions options) =>
        HistPrinter.RunAsync(options, _logs.Console, _logs.ErrorWriter, CancellationToken.None)
            .GetAwaiter().GetResult();

    private int Merge(HistMergeOptions options) =>
        HistMergeRunner.RunAsync(options, _logs.Console, _logs.ErrorWriter, CancellationToken.None)
            .GetAwaiter().GetResult();

    private int Compare(string candidate, string? page, string? json) => HistCompareRunner.RunAsync(
        new HistCompareOptions
        {
            BaselineFile = _log,
            CandidateFile = candidate,
            ReportFile = page,
            JsonFile = json,
        },
        _logs.Console, _logs.ErrorWriter, CancellationToken.None).GetAwaiter().GetResult();
}
