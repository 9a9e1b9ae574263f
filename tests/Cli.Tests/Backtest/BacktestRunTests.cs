using System.Text.Json;
using ExecutionPipeline.Cli.Backtest;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Cli.Tests.CommandLine;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Recovery;
using ExecutionPipeline.Stages.Inference;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Tests.Backtest;

public sealed class BacktestRunTests
{
    private const long MinuteNs = 60_000_000_000;

    private static readonly InstrumentOptions Other = new() { Id = 77, Symbol = "OTHER", Multiplier = 20 };

    private string _folder = "";

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-backtest-").FullName;

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldComeToTheSameBytesWhenTheSeedIsTheSame()
    {
        var first = Play(7).Result;
        var second = Play(7).Result;
        var other = Play(8).Result;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.Figures.OutboundSha256, Is.EqualTo(first.Figures.OutboundSha256));
            Assert.That(JsonOf(second.Figures), Is.EqualTo(JsonOf(first.Figures)));
            Assert.That(JsonOf(second.Costs), Is.EqualTo(JsonOf(first.Costs)));
            Assert.That(CostReport.Html(second.Costs), Is.EqualTo(CostReport.Html(first.Costs)));
            Assert.That(other.Figures.OutboundSha256, Is.Not.EqualTo(first.Figures.OutboundSha256));
        }
    }

    [TestCase(7)]
    [TestCase(21)]
    public void ShouldAccountForEveryContractAndCentWhenTheDataHaveEnded(int seed)
    {
        var (run, result) = Play(seed);
        var figures = result.Figures;
        var portfolio = run.Stages.Chain.Context.Portfolio;
        var trades = run.Orders.Trades;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(figures.ParentOrders, Is.GreaterThan(40));
            Assert.That(figures.Trades, Is.GreaterThan(20));
            Assert.That(figures.OpenTrades, Is.Zero);
            Assert.That(figures.OpenParentOrders, Is.Zero);
            Assert.That(portfolio.Position(0), Is.Zero);
            Assert.That(trades.Sum(static trade => trade.GrossPnlE6), Is.EqualTo(portfolio.RealizedPnlE6));
            Assert.That(trades.Sum(static trade => trade.FeesE6), Is.EqualTo(portfolio.FeesE6));
            Assert.That(figures.Equity, Is.EqualTo(figures.StartingCash + figures.GrossPnl - figures.Fees));
            Assert.That(figures.Signals, Is.EqualTo(80));
            Assert.That(
                figures.Executed + figures.Withdrawn + figures.TooDear + figures.Expired + figures.RefusedContracts,
                Is.EqualTo(figures.Ordered), "every contract has an end");
            Assert.That(figures.Withdrawn, Is.GreaterThan(0), "decisions of the other side take orders back");
            Assert.That(
                figures.FillRate,
                Is.EqualTo((double)figures.Executed / (figures.Ordered - figures.Withdrawn)).And.GreaterThan(0.998));
            Assert.That(figures.Refused, Is.Zero);
            Assert.That(
                figures.Outcomes["order_sent"] + figures.Outcomes.GetValueOrDefault("scheduled"),
                Is.GreaterThanOrEqualTo(figures.ParentOrders));
        }
    }

    [Test]
    public void ShouldTakeTheSignalsBehindTheLastUpdateWhenTheDataEnd()
    {
        const int signals = 50_000;
        var span = GeneratedMarket.SpanOf(MinuteNs);
        var lastSignalNs = span.FirstNs + (long)((Int128)(span.LastNs - span.FirstNs) * signals / (signals + 1));

        var (run, result) = Play(7, minutes: 1, signals);

        Assert.That(LastUpdateNs(7, minutes: 1), Is.LessThan(lastSignalNs), "there is one behind it");
        Assert.That(result.Figures.Signals, Is.EqualTo(signals));
        Assert.That(run.Stages.TimeNs, Is.GreaterThanOrEqualTo(lastSignalNs));
    }

    /// <summary>A pipeline that is started on the folder meanwhile would take the journal for a dead run's, and cut it.
    /// </summary>
    [Test]
    public void ShouldHoldTheRightToItsJournalWhenItRuns()
    {
        var folder = Path.Combine(_folder, "held");
        using var text = new ProbingWriter(folder);
        var options = new BacktestOptions
        {
            Minutes = 1,
            Signals = new SignalChoice(5, null),
            Inference = InferenceChoice.Rules,
            JournalFolder = folder,
            IsQuiet = true,
        };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text) });

        Assert.That(BacktestRunner.RunAsync(options, console, default).Result, Is.EqualTo(ExitCode.Done));
        Assert.That(text.Probes, Is.GreaterThan(0));
        Assert.That(text.WasHeld, Is.True, "when the figures were shown");
        using var free = JournalLock.Take(folder);
        Assert.That(
            () => BacktestRunner.RunAsync(options with { IsForced = true }, console, default).GetAwaiter().GetResult(),
            Throws.InstanceOf<IOException>().With.Message.Contains("another process writes this journal"));
    }

    [Test]
    public void ShouldGiveEachOrderTheFillsThatItsParentCounts()
    {
        var (run, result) = Play(7);
        var strategies = result.Costs.ByStrategy.Select(static strategy => strategy.Key).ToArray();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(strategies, Does.Contain("IMMEDIATE").And.Contain("TWAP_5MIN"), "no strategy is replaced");
            Assert.That(run.Orders.Orders.Any(static order => order.Fills.Count > 2), "orders are worked in slices");
            foreach (var order in run.Orders.Orders)
                Assert.That(order.Fills.Sum(static fill => fill.Quantity), Is.LessThanOrEqualTo(order.Quantity));
            Assert.That(
                result.Figures.Executed + run.Orders.OtherContracts,
                Is.EqualTo(run.Stages.Chain.Routing.FilledQuantity), "no execution is left out");
            Assert.That(
                result.Costs.Chart!.Fills.Sum(static fill => fill.Quantity),
                Is.EqualTo(run.Stages.Chain.Routing.FilledQuantity), "the chart has every execution");
            Assert.That(result.Costs.Chart.Trades, Has.Count.EqualTo(result.Figures.Trades));
            Assert.That(result.Costs.Chart.Trades.Any(static trade => trade.Stop is not null && trade.Target > 0));
            Assert.That(result.Costs.Chart.Prices, Has.Count.InRange(100, 4_001));
            Assert.That(result.Costs.Chart.Prices.All(static p => p.Low <= p.Last && p.Last <= p.High));
            Assert.That(
                result.Costs.Equity[^1].Equity, Is.EqualTo(result.Figures.Equity), "the curve ends with the account");
            Assert.That(
                result.Costs.Equity.Max(static point => point.Drawdown), Is.EqualTo(result.Figures.MaxDrawdown));
        }
    }

    [Test]
    public async Task ShouldWriteWhatTcaReadsWhenAReportIsAskedFor()
    {
        var report = Path.Combine(_folder, "report");
        var json = Path.Combine(_folder, "figures.json");
        var options = new BacktestOptions
        {
            Minutes = 10,
            Signals = new SignalChoice(30, null),
            Inference = InferenceChoice.Rules,
            ReportDirectory = report,
            JsonFile = json,
            IsQuiet = true,
        };
        var (code, text) = await RunAsync(console => BacktestRunner.RunAsync(options, console, default));
        var page = Path.Combine(_folder, "page.html");
        var tca = new TcaOptions(Path.Combine(report, BacktestOptions.Costs), page);
        var (tcaCode, tables) = await RunAsync(console => TcaRunner.RunAsync(tca, console, default));

        using var figures = JsonDocument.Parse(await File.ReadAllTextAsync(json));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.EqualTo(ExitCode.Done));
            Assert.That(tcaCode, Is.EqualTo(ExitCode.Done));
            Assert.That(text, Does.Contain(figures.RootElement.GetProperty("outbound_sha256").GetString()));
            Assert.That(
                text.Split('\n').Where(static line => line.TrimEnd().Length > 80 && !line.Contains("report")),
                Is.Empty);
            Assert.That(tables, Does.Contain("Shortfall by strategy"));
            Assert.That(
                await File.ReadAllTextAsync(page),
                Is.EqualTo(await File.ReadAllTextAsync(Path.Combine(report, BacktestOptions.Page))));
            Assert.That(await File.ReadAllTextAsync(page), Does.Contain("\"drawdown\":"));
        }
    }

    /// <summary>An empty file of the name is no report, but a run that was not told to replaces nothing.</summary>
    [Test]
    public async Task ShouldNameThePageThatItWroteWhenTheReportWentToAnotherFolder()
    {
        var report = Path.Combine(_folder, "r");
        Directory.CreateDirectory(report);
        File.WriteAllText(Path.Combine(report, BacktestOptions.Costs), "");
        var options = new BacktestOptions
        {
            Minutes = 1,
            Signals = new SignalChoice(5, null),
            Inference = InferenceChoice.Rules,
            ReportDirectory = report,
            IsQuiet = true,
        };

        var (code, text) = await RunAsync(console => BacktestRunner.RunAsync(options, console, default), width: 500);

        Assert.That(code, Is.EqualTo(ExitCode.Done));
        var written = text.Split('\n').Where(static line => line.StartsWith("report: ", StringComparison.Ordinal))
            .Select(static line => line["report: ".Length..].TrimEnd()).ToArray();
        Assert.That(written.Select(Path.GetFileName), Is.EqualTo([BacktestOptions.Page, BacktestOptions.Costs]));
        foreach (var path in written)
            Assert.That(new FileInfo(path).Length, Is.GreaterThan(0), path);
        Assert.That(File.ReadAllText(written[0]), Does.Contain("<html"));
    }

    [Test]
    public async Task ShouldPlayDaysInTheirOrderWhenFilesAreNamedInAnother()
    {
        var (first, second) = (Path.Combine(_folder, "b.csv"), Path.Combine(_folder, "a.csv"));
        WriteQuotes(first, DateTimeOffset.UnixEpoch.AddDays(19_724).AddHours(15), offTick: 0);
        WriteQuotes(second, DateTimeOffset.UnixEpoch.AddDays(19_725).AddHours(15), offTick: 1);

        using var one = await FiguresOf(first, second);
        using var other = await FiguresOf(second, first);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                one.RootElement.GetProperty("market_updates").GetInt64(), Is.EqualTo(241),
                "a quote that repeats is none");
            Assert.That(one.RootElement.GetProperty("refused").GetInt64(), Is.EqualTo(1), "one bid is off the tick");
            Assert.That(one.RootElement.GetProperty("signals").GetInt64(), Is.EqualTo(20));
            Assert.That(one.RootElement.ToString(), Is.EqualTo(other.RootElement.ToString()));
        }

        async Task<JsonDocument> FiguresOf(params string[] files)
        {
            var json = Path.Combine(_folder, "days.json");
            var options = new BacktestOptions
            {
                DataFiles = files,
                Signals = new SignalChoice(20, null),
                Inference = InferenceChoice.Rules,
                JsonFile = json,
                IsQuiet = true,
            };
            var (code, text) = await RunAsync(console => BacktestRunner.RunAsync(options, console, default));
            Assert.That(code, Is.EqualTo(ExitCode.Done), text);
            return JsonDocument.Parse(await File.ReadAllTextAsync(json));
        }
    }

    [Test]
    public void ShouldTakeAJournalsSignalsWhenTheyLieInTheDatasTime()
    {
        var span = GeneratedMarket.SpanOf(MinuteNs);
        var path = Path.Combine(_folder, "journal");
        Record(path, [span.FirstNs - 1, span.FirstNs + 5, span.LastNs, span.LastNs + 1]);

        var signals = JournalSignals.Read(path, span, DemoConfiguration.LoadScheduled(null));

        Assert.That(signals.Count, Is.EqualTo(2));
        Assert.That(signals.NextTimeNs, Is.EqualTo(span.FirstNs + 5));
        EventHeader header = default;
        EventPayload payload = default;
        Assert.That(signals.TryTake(default, ref header, ref payload), Is.True);
        Assert.That(payload.TradeQualified.SignalId, Is.EqualTo(2));
        Assert.That(
            () => JournalSignals.Read(path, new MarketSpan(1, 2), DemoConfiguration.LoadScheduled(null)),
            Throws.TypeOf<UsageException>().With.Message.Contains("none of its 4 signals"));
    }

    [Test]
    public void ShouldLeaveTheJournalAsItWasWhenNoSignalLiesInTheDatasTime()
    {
        var (signals, written) = (Path.Combine(_folder, "signals"), Path.Combine(_folder, "kept"));
        Record(signals, [1, 2]);
        Record(written, [3]);
        var segment = JournalFiles.PathOf(written, 0);
        var before = File.ReadAllBytes(segment);
        var options = new BacktestOptions
        {
            Minutes = 1,
            Signals = new SignalChoice(0, signals),
            Inference = InferenceChoice.Rules,
            JournalFolder = written,
            IsForced = true,
            IsQuiet = true,
        };

        Assert.That(
            async () => await RunAsync(console => BacktestRunner.RunAsync(options, console, default)),
            Throws.TypeOf<UsageException>().With.Message.Contains("none of its 2 signals"));
        Assert.That(File.Exists(segment) && File.ReadAllBytes(segment).AsSpan().SequenceEqual(before), Is.True);
    }

    /// <summary>An index is a place in a list of instruments, and another configuration has another list.</summary>
    [Test]
    public async Task ShouldTakeAJournalsSignalsByTheirInstrumentsIdWhenItIsOfAnotherConfiguration()
    {
        var pipeline = DemoConfiguration.LoadScheduled(null);
        var traded = pipeline.Instruments[0];
        var others = pipeline with { Instruments = [Other, traded] };
        var span = GeneratedMarket.SpanOf(MinuteNs);
        var path = Path.Combine(_folder, "others");
        Record(path, others, (span.FirstNs + 1, 0), (span.FirstNs + 2, 1), (span.FirstNs + 3, 0));
        JournalConfiguration.Write(path, others);

        var signals = JournalSignals.Read(path, span, pipeline);
        EventHeader header = default;
        EventPayload payload = default;
        var isTaken = signals.TryTake(default, ref header, ref payload);
        var (code, text) = await RunAsync(console => BacktestRunner.RunAsync(
            new BacktestOptions
            {
                Minutes = 1,
                Signals = new SignalChoice(0, path),
                Inference = InferenceChoice.Rules,
                IsQuiet = true,
            },
            console, default));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((signals.Count, signals.NotConfigured, signals.LeftOut), Is.EqualTo((1L, 2L, 0L)));
            Assert.That(isTaken, Is.True);
            Assert.That((payload.TradeQualified.SignalId, header.InstrumentIndex), Is.EqualTo((2UL, 0)));
            Assert.That(code, Is.EqualTo(ExitCode.Done));
            Assert.That(
                text.ReplaceLineEndings(" "),
                Does.Contain("2 of the 3 signals of the journal are of instruments that are not configured"));
        }
    }

    [Test]
    public void ShouldRefuseAJournalsSignalsWhenNoneIsOfAnInstrumentThatIsConfigured()
    {
        var pipeline = DemoConfiguration.LoadScheduled(null);
        var other = pipeline with { Instruments = [Other] };
        var span = GeneratedMarket.SpanOf(MinuteNs);
        var path = Path.Combine(_folder, "none-configured");
        Record(path, other, (span.FirstNs + 1, 0));
        JournalConfiguration.Write(path, other);

        Assert.That(
            () => JournalSignals.Read(path, span, pipeline),
            Throws.TypeOf<UsageException>().With.Message.Contains("of an instrument that is configured"));
    }

    [Test]
    public void ShouldRefuseAJournalsSignalsWhenItIsNotKnownWhatTheyAreOf()
    {
        var pipeline = DemoConfiguration.LoadScheduled(null);
        var other = pipeline with { Instruments = [Other] };
        var span = GeneratedMarket.SpanOf(MinuteNs);
        var path = Path.Combine(_folder, "unknown");
        Record(path, other, (span.FirstNs + 1, 0));

        Assert.That(
            () => JournalSignals.Read(path, span, pipeline),
            Throws.TypeOf<UsageException>().With.Message.StartsWith(path).And.Message.Contains("configuration.json"));
        Assert.That(
            JournalSignals.Read(path, span, other).Count, Is.EqualTo(1), "the backtest's own configuration is known");
    }

    [TestCase("0", "outside 1 to")]
    [TestCase("no-such-folder", "there is no folder")]
    public void ShouldRefuseSignalsThatAreNeitherANumberNorAFolder(string given, string said)
    {
        var xp = Xp.Run("backtest", "--signals", given);

        Assert.That(xp.ExitCode, Is.EqualTo(ExitCode.Unusable));
        Assert.That(xp.Error, Does.Contain("--signals").And.Contain(said));
    }

    [Test]
    public void ShouldReadItsOptionsWhenTheyAreGiven()
    {
        var options = (BacktestOptions)Xp.Run("backtest", "--signals", "12", "--seed", "3", "--minutes", "4").Options!;

        Assert.That(options.Signals, Is.EqualTo(new SignalChoice(12, null)));
        Assert.That((options.Seed, options.Minutes), Is.EqualTo((3, 4)));
    }

    private static (BacktestRun Run, BacktestResult Result) Play(int seed, int minutes = 20, int count = 80)
    {
        var pipeline = DemoConfiguration.LoadScheduled(null);
        var instrument = pipeline.Instruments[0];
        var span = GeneratedMarket.SpanOf(minutes * MinuteNs);
        var run = new BacktestRun(pipeline, new RuleBasedPolicy(new RuleBasedPolicyOptions()), span.FirstNs);
        var signals = new SeededSignals([span], count, seed, instrument.Id, run.InstrumentIds);
        var market = new GeneratedMarket(seed, instrument, minutes * MinuteNs);
        return (run, run.Play(market, signals, null, default));
    }

    private static long LastUpdateNs(int seed, int minutes)
    {
        var instrument = DemoConfiguration.LoadScheduled(null).Instruments[0];
        var market = new GeneratedMarket(seed, instrument, minutes * MinuteNs);
        var (update, lastNs) = (default(MarketUpdate), 0L);
        while (market.TryNext(ref update))
            lastNs = update.ExchangeTimeNs;

        return lastNs;
    }

    /// <summary>A quote each second for ten minutes, and some more whose bid is off the tick.</summary>
    private static void WriteQuotes(string path, DateTimeOffset start, int offTick)
    {
        var rows = Enumerable.Range(0, 600 + offTick).Select(second =>
        {
            var bid = 4_800 + 0.25m * (second / 5 % 7) + (second < 600 ? 0 : 0.1m);
            var at = start.AddSeconds(second).ToUnixTimeSeconds();
            return FormattableString.Invariant($"{at},{bid},{bid + 0.25m},20,20");
        });
        File.WriteAllLines(path, rows.Prepend("ts,bid,ask,bid_size,ask_size"));
    }

    private static async Task<(int Code, string Text)> RunAsync(
        Func<IAnsiConsole, Task<int>> run, int width = 80)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        var code = await run(console);
        return (code, text.ToString());
    }

    private static string JsonOf<T>(T value) => JsonSerializer.Serialize(value, ReportJson.Indented);

    private static void Record(string path, long[] timesNs) =>
        Record(path, DemoConfiguration.Load(null), [.. timesNs.Select(static timeNs => (timeNs, 0))]);

    private static void Record(
        string path, PipelineOptions pipeline, params (long TimeNs, int InstrumentIndex)[] signals)
    {
        var hash = PipelineConfiguration.HashOf(pipeline);
        using var journal = new EventJournal(path, new JournalOptions { SegmentMb = 1 }, in hash);
        for (var i = 0; i < signals.Length; i++)
        {
            var (timeNs, instrument) = signals[i];
            var e = new PipelineEvent
            {
                Header = { Kind = EventKind.TradeQualified, TimeNs = timeNs, InstrumentIndex = instrument },
            };
            e.Payload.TradeQualified.SignalId = (ulong)i + 1;
            e.Payload.TradeQualified.Action = TradeAction.Hold;
            e.Payload.TradeQualified.PriceE9 = 4_800_000_000_000;
            journal.Append(in e);
        }
    }

    /// <summary>Tries at each write, while a journal is there, whether the right to write it is free.</summary>
    private sealed class ProbingWriter(string folder) : StringWriter
    {
        public int Probes { get; private set; }

        /// <summary>At the last write.</summary>
        public bool WasHeld { get; private set; }

        public override void Write(string? value)
        {
            base.Write(value);
            if (!JournalTail.IsIn(folder))
                return;

            Probes++;
            try
            {
                JournalLock.Take(folder).Dispose();
                WasHeld = false;
            }
            catch (IOException)
            {
                WasHeld = true;
            }
        }
    }
}
