using ExecutionPipeline.Cli.Reports;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Tests.Reports;

public sealed class ConsoleReportTests
{
    [Test]
    public void ShouldSayWhatSlowSignalsWaitedForWhenItIsKnown()
    {
        var text = TextOf(Samples.Report());

        Assert.That(text, Does.Match(@"ingress lost its processor to kworker\s+49,152\s+75\.0 %\s+31\.25\s+4,100\.0"));
        Assert.That(text, Does.Match(@"a page fault of ingress\s+16,384\s+25\.0 %\s+26\.00\s+27\.50"));
        Assert.That(text, Does.Contain("Source: the kernel's record of processors 0,1."));
        Assert.That(text, Does.Contain("Of 70,123 the first are told."));
        Assert.That(text, Does.Contain("The hypervisor took 1,230 ms of these processors."));
    }

    [Test]
    public void ShouldShowStagesAndVerdictsWhenWritten()
    {
        var text = TextOf(Samples.Report());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.Match(@"inference\s+12\.64\s"));
            Assert.That(text, Does.Match(@"end to end\s+17\.21\s"));
            Assert.That(text, Does.Match(@"refused for daily var\s+2,000"));
            Assert.That(text, Does.Contain("200,010 sent = 200,000 processed + 10 rejected with a reason + 0 lost"));
            Assert.That(text, Does.Contain("yes zero loss"));
            Assert.That(text, Does.Contain("yes zero allocation"));
            Assert.That(text, Does.Contain("yes no collection"));
            Assert.That(text, Does.Not.Contain("ended before its time"));
        }
    }

    [Test]
    public void ShouldShowEachStrategysScheduleWhenTheRunHadASecondPart()
    {
        var twap = new ScheduledStrategy
        {
            Strategy = "TWAP_5MIN",
            Orders = 51,
            Slices = 109,
            ContractsOrdered = 168,
            ContractsExecuted = 142,
            CostBps = -0.5,
            Exits = 71,
            Trades = 34,
            ExitReasons = new Dictionary<string, long> { ["take_profit"] = 11, ["stop_loss"] = 5 },
        };
        var figures = new ScheduleFigures { Minutes = 30, Signals = 60, ByStrategy = [twap] };

        var text = TextOf(Samples.Report() with { Schedules = figures });
        Assert.That(text, Does.Match(@"TWAP_5MIN\s+51\s+109\s+142/168\s+-0\.500\s+34"));
        Assert.That(text, Does.Contain("TWAP_5MIN: trades were ended by take profit 11, stop loss 5."));
        Assert.That(text.Split('\n').Where(static line => line.Contains('─') && line.Length > 80), Is.Empty);
    }

    [Test]
    public void ShouldSayNoWhenSomethingWasLostOrAllocated()
    {
        var report = Samples.Report() with
        {
            EventsProcessed = 199_999,
            EventsLost = 1,
            AllocatedBytesPerEvent = 0.25,
            GcCollections = 3,
            IsComplete = false,
        };

        var text = TextOf(report);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.Contain("NO  zero loss"));
            Assert.That(text, Does.Contain("NO  zero allocation: 0.25 bytes"));
            Assert.That(text, Does.Contain("NO  no collection: 3"));
            Assert.That(text, Does.Contain("ended before its time"));
        }
    }

    [TestCase(60, "is 70.43 us above the machine's own")]
    [TestCase(80_000, "is not above the machine's own")]
    public void ShouldHoldTheEndAgainstTheMachineWhenWritten(long hiccupNs, string expected)
    {
        var hiccup = new LatencySummary { Count = 1, P99 = hiccupNs };
        var report = Samples.Report() with { PlatformHiccupNs = hiccup };

        Assert.That(TextOf(report), Does.Contain($"end to end p99 {expected}"));
    }

    [Test]
    public void ShouldSayNoWhenTheAccountDoesNotAddUp()
    {
        var report = Samples.Report() with { EventsProcessed = 199_000, EventsLost = 0 };

        Assert.That(TextOf(report), Does.Contain("NO  zero loss"));
    }

    [TestCase(0, ExpectedResult = "0.00")]
    [TestCase(1_234, ExpectedResult = "1.23")]
    [TestCase(123_456, ExpectedResult = "123.5")]
    [TestCase(22_000_000, ExpectedResult = "22,000")]
    public string ShouldKeepThreeFiguresWhenNanosecondsBecomeMicroseconds(long ns) => ReportNames.Microseconds(ns);

    [Test]
    public void ShouldShowEveryFigureWhenTheTerminalHasEightyColumns()
    {
        var report = Samples.Report() with
        {
            EventsSent = 1_000_000_000,
            Senders =
            [
                new SenderReport
                {
                    Stream = SenderReport.Signals,
                    Sender = SenderReport.Unknown,
                    Session = int.MinValue,
                    Sent = 1_000_000_000,
                    Received = 999_999_999,
                    Rejected = 999_999,
                },
            ],
        };
        var wide = TextOf(report);
        var lines = TextOf(report, 80).Split('\n');

        Assert.That(lines.Max(static line => line.TrimEnd().Length), Is.LessThanOrEqualTo(80));
        var words = string.Join(' ', lines).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(
            wide.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Except(words).Where(IsText), Is.Empty);

        static bool IsText(string word) => word.Any(char.IsLetterOrDigit);
    }

    private static string TextOf(RunReport report, int width = 200)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        ConsoleReport.Write(console, report);
        return writer.ToString();
    }
}
