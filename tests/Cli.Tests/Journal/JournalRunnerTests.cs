using System.Text.Json;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Journal;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Tests.Journal;

[TestFixture]
public sealed class JournalRunnerTests
{
    private const int Events = 20;
    private const int SegmentHeaderBytes = 128;

    private string _folder = "";

    private string First => JournalFiles.PathOf(_folder, 0);

    [SetUp]
    public void Write()
    {
        _folder = Directory.CreateTempSubdirectory("xp-journal-").FullName;
        var none = default(ConfigurationHash);
        using var journal = new EventJournal(_folder, new JournalOptions { SegmentMb = 1 }, in none);
        for (var i = 1; i <= Events; i++)
        {
            var e = new PipelineEvent { Header = { Kind = EventKind.MarketUpdate, TimeNs = i * 1_000_000_007L } };
            e.Payload.MarketUpdate = new MarketUpdate
            {
                BidPriceE9 = 4_800_250_000_000,
                AskPriceE9 = MarketUpdate.NoPrice,
                BidQuantity = i,
                SendTimeNs = i,
            };
            journal.Append(in e);
        }
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldSayThatAJournalIsWhole()
    {
        var (code, text) = Run(JournalAction.Check);

        Assert.That(code, Is.EqualTo(ExitCode.Done));
        Assert.That(text, Does.Contain($"000000000000.journal: {Events} events from 0 on").And.Contain("whole"));
        Assert.That(text, Does.StartWith("the journal of a pipeline\n"));
    }

    [Test]
    public void ShouldCutADamagedJournalAndKeepWhatItCuts()
    {
        var whole = File.ReadAllBytes(First);
        var damaged = (byte[])whole.Clone();
        damaged[whole.Length / 2] ^= 4;
        File.WriteAllBytes(First, damaged);

        var (found, said) = Run(JournalAction.Check);
        Assert.That((found, said), Is.EqualTo((ExitCode.Failed, said)));
        Assert.That(said, Does.Contain("damaged").And.Contain("offset"));
        var (repaired, kept) = Run(JournalAction.Repair);
        Assert.That(repaired, Is.EqualTo(ExitCode.Done));
        Assert.That(kept, Does.Contain("kept: ").And.Contain("cut behind event"));
        Assert.That(File.ReadAllBytes(First + ".before-repair"), Is.EqualTo(damaged));
        var (code, text) = Run(JournalAction.Check);
        Assert.That(code, Is.EqualTo(ExitCode.Done), text);
        Assert.That(text, Does.Contain("without an end"));
        var left = File.ReadAllBytes(First);
        Assert.That(left, Is.EqualTo(whole[..left.Length]), "what is good is untouched");
        Assert.That(new FileInfo(First).Length, Is.GreaterThan(SegmentHeaderBytes));
    }

    [Test]
    public void ShouldLeaveAWholeJournalAlone()
    {
        var before = File.ReadAllBytes(First);
        var (code, text) = Run(JournalAction.Repair);

        Assert.That(code, Is.EqualTo(ExitCode.Done));
        Assert.That(text, Does.Contain("nothing had to be repaired"));
        Assert.That(File.ReadAllBytes(First), Is.EqualTo(before));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(1));
    }

    [Test]
    public void ShouldWriteEveryRecordInALine()
    {
        var (code, text) = Run(JournalAction.Dump, from: 3, until: 5);

        Assert.That(code, Is.EqualTo(ExitCode.Done));
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(lines[0], Does.StartWith("sequence=3 time=1970-01-01T00:00:04.000000028Z kind=market_update"));
        Assert.That(lines[0], Does.Contain("bid_price=4800.25 ").And.Not.Contain("ask_price"));
    }

    [Test]
    public void ShouldExportEveryEventAsJsonOrAsATable()
    {
        var (_, json) = Run(JournalAction.Export);
        var rows = json.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line));
        Assert.That(
            rows.Select(row => row.RootElement.GetProperty("bid_quantity").GetInt32()),
            Is.EqualTo(Enumerable.Range(1, Events)));

        var file = Path.Combine(_folder, "table.csv");
        Run(JournalAction.Export, format: ExportFormat.Csv, output: file);
        var table = File.ReadAllLines(file).Select(line => line.Split(',')).ToArray();
        var column = Array.IndexOf(table[0], "bid_price");
        Assert.That(table, Has.Length.EqualTo(Events + 1));
        Assert.That(table.Skip(1).Select(row => row[column]), Is.All.EqualTo("4800.25"));
        Assert.That(table.Select(row => row.Length).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void ShouldExportRequestsAndReportsWhenAJournalHoldsThem()
    {
        using (var replaced = ReplacedJournal.SetAside(isForced: true, _folder))
            replaced!.Remove();
        var none = default(ConfigurationHash);
        using (var journal = new EventJournal(_folder, new JournalOptions { SegmentMb = 1 }, in none))
        {
            var request = new PipelineEvent { Header = { Kind = EventKind.VenueRequest, CorrelationId = 3 } };
            request.Payload.VenueRequest = new VenueRequest
            {
                Kind = VenueRequestKind.NewOrder,
                OrderId = 3,
                Quantity = 2,
                LimitPriceE9 = 4_800_250_000_000,
            };
            journal.Append(in request);
            var report = new PipelineEvent { Header = { Kind = EventKind.ExecutionReport, CorrelationId = 3 } };
            report.Payload.ExecutionReport = new ExecutionReport { Kind = ExecutionReportKind.Trade, OrderId = 3 };
            journal.Append(in report);
        }

        var (_, text) = Run(JournalAction.Export, format: ExportFormat.Csv);
        var table = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToArray();
        Assert.That(
            new[] { "kind", "request_kind", "report_kind", "quantity", "limit_price" }.Select(
                name => string.Join('|', table.Select(row => row[Array.IndexOf(table[0], name)]))),
            Is.EqualTo(new[]
            {
                "kind|venue_request|execution_report", "request_kind|new_order|", "report_kind||trade",
                "quantity|2|", "limit_price|4800.25|0",
            }));
        var (_, lines) = Run(JournalAction.Dump);
        Assert.That(lines, Does.Contain("kind=venue_request").And.Contain("request_kind=new_order"));
    }

    [TestCase("journal check", "--journal DIR must be given")]
    [TestCase("journal show --journal /tmp", "--signal ID must be given")]
    [TestCase("journal dump --journal /no/such/folder", "--journal: there is no folder")]
    public void ShouldSayWhatIsMissing(string line, string expected)
    {
        var xp = CommandLine.Xp.Run(line.Split(' '));

        Assert.That(xp.ExitCode, Is.EqualTo(ExitCode.Unusable));
        Assert.That(xp.Error, Does.Contain(expected));
    }

    private (int Code, string Text) Run(
        JournalAction action, long from = 0, long until = long.MaxValue, ExportFormat format = ExportFormat.Json,
        string? output = null)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = 1_000;
        var options = new JournalOptionsRead
        {
            Action = action,
            Folder = _folder,
            From = from,
            Until = until,
            Format = format,
            OutputFile = output,
        };
        var code = JournalRunner.RunAsync(options, console, text, CancellationToken.None).Result;
        return (code, text.ToString());
    }
}
