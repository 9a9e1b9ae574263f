using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Histograms;
using ExecutionPipeline.Cli.Reports;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Tests.Histograms;

public sealed class HistRunnerTests
{
    private string _log = "";

    [SetUp]
    public void WriteLog()
    {
        _log = Path.GetTempFileName();
        using var file = File.OpenWrite(_log);
        HistogramLogWriter.Write(
            file, DateTime.UnixEpoch, Histogram("risk", 1_000), Histogram("routing", 5_000), Histogram("risk", 3_000));
    }

    [TearDown]
    public void RemoveLog() => File.Delete(_log);

    [Test]
    public void ShouldAddUpLinesWhenTheyShareATag()
    {
        var text = Print(new HistPrintOptions { LogFile = _log });

        Assert.That(text, Does.Match(@"risk\s+20\s+2\.00\s+1\.00\s"));
        Assert.That(text, Does.Match(@"routing\s+10\s+5\.00\s+5\.00\s"));
    }

    [Test]
    public void ShouldLeaveOutTheOthersWhenATagIsGiven()
    {
        var text = Print(new HistPrintOptions { LogFile = _log, Tag = "routing", IsFull = true });

        Assert.That(text, Does.Contain("routing, us").And.Contain("Percentile"));
        Assert.That(text, Does.Not.Contain("risk"));
    }

    [Test]
    public void ShouldSayItInOneLineWhenTheTagIsNotThere()
    {
        Assert.That(
            () => Print(new HistPrintOptions { LogFile = _log, Tag = "rsik" }),
            Throws.TypeOf<UsageException>().With.Message.Contains("'rsik'"));
    }

    [Test]
    public void ShouldSayItInOneLineWhenTheFileIsNoLog()
    {
        File.WriteAllText(_log, "this is\nno log\n");

        Assert.That(
            () => Print(new HistPrintOptions { LogFile = _log }),
            Throws.TypeOf<UsageException>().With.Message.Contains(_log));
    }

    private static LongHistogram Histogram(string tag, long value)
    {
        var histogram = new LongHistogram(1, 1_000_000, 3) { Tag = tag };
        histogram.RecordValueWithCount(value, 10);
        return histogram;
    }

    private static string Print(HistPrintOptions options)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 200;
        HistRunner.PrintAsync(options, console).GetAwaiter().GetResult();
        return writer.ToString();
    }
}
