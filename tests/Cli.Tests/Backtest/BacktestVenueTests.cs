using ExecutionPipeline.Cli.Backtest;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Tests.CommandLine;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Replay;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Cli.Tests.Backtest;

/// <summary>What a backtest's orders trade with, and how long the way there takes.</summary>
public sealed class BacktestVenueTests
{
    private const int Signals = 150;

    private static readonly string Day = RepositoryFiles.SharedPathOf("data", "esh4-glbx-mdp3-20231225.mbo.dbn.gz");

    [TestCase(FillChoice.Queue)]
    [TestCase(FillChoice.Fraction)]
    [TestCase(FillChoice.Hazard)]
    [TestCase(FillChoice.Adverse)]
    public void ShouldLeaveTheRecordedDayAsItWasWhenOrdersTradeInIt(FillChoice fill)
    {
        var options = new BacktestOptions { DataFiles = [Day], Fill = fill };
        var (run, result) = Play(options);
        var again = Play(options).Result;
        var figures = result.Figures;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((figures.MarketData.Trades, figures.MarketData.TradedQuantity), Is.EqualTo((2_973L, 9_892L)));
            Assert.That(figures.OutboundSha256, Is.EqualTo(again.Figures.OutboundSha256));
            Assert.That(figures.ParentOrders, Is.GreaterThan(100));
            Assert.That((figures.OpenParentOrders, figures.OpenTrades), Is.EqualTo((0, 0)));
            Assert.That(
                figures.Executed + run.Orders.OtherContracts,
                Is.EqualTo(run.Stages.Chain.Routing.FilledQuantity), "no execution is left out");
            Assert.That(figures.Equity, Is.EqualTo(figures.StartingCash + figures.GrossPnl - figures.Fees));
        }
    }

    [Test]
    public void ShouldFillNothingBeforeTheWayToTheVenueIsOver()
    {
        const long latencyNs = 40_000_000;
        var latency = new VenueLatencyOptions { LatencyNs = latencyNs, JitterNs = 1_000_000 };
        var (run, _) = Play(new BacktestOptions { DataFiles = [Day], Latency = latency });
        var waits = run.Orders.Orders.Where(static order => order.Fills.Count > 0)
            .Select(static order => order.Fills[0].TimeNs - order.ArrivalTimeNs).ToArray();

        Assert.That(waits, Has.Length.GreaterThan(50));
        Assert.That(waits.Min(), Is.InRange(latencyNs, latencyNs + 1_000_000));
    }

    [Test]
    public void ShouldTakeRecordedOrdersWhereTheyAreAndTheTouchElsewhereAndSaySo()
    {
        var spy = RepositoryFiles.SharedPathOf("data", "spy", "20131008_quote.zip");
        var own = MarketOf(new BacktestOptions { DataFiles = [Day], Fill = FillChoice.Hazard });
        var bars = MarketOf(new BacktestOptions { DataFiles = [spy], Venue = BacktestVenue.Orders });
        var generated = MarketOf(new BacktestOptions { Fill = FillChoice.Queue });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(own.Venue.Kind, Is.EqualTo(BacktestVenue.Orders));
            Assert.That(own.Venue.Fill.Model, Is.EqualTo(FillModel.Hazard));
            Assert.That(own.Venue.Fill.HazardBps, Is.InRange(1, 9_999), "measured in the data");
            Assert.That(own.Notes, Has.Some.Contains("reached it"));
            Assert.That(bars.Venue.Kind, Is.EqualTo(BacktestVenue.Touch));
            Assert.That(bars.Notes, Has.Some.Contains("no single orders"));
            Assert.That(generated.Venue.Kind, Is.EqualTo(BacktestVenue.Touch));
            Assert.That(generated.Notes, Has.Some.Contains("--fill-model plays no part"));
        }
    }

    [Test]
    public void ShouldRefuseRecordedOrdersWhoseFilesOverlapAndPlayTheirQuotesAsOneMarket()
    {
        var name = Path.GetFileName(Day);
        var options = new BacktestOptions { DataFiles = [Day, Day] };

        Assert.That(
            () => MarketOf(options),
            Throws.TypeOf<UsageException>().With.Message.EqualTo(
                $"{name} begins before {name} has ended: recorded orders are played file after file; name files that "
                + "do not overlap, or --venue touch"));
        var touch = options with { Venue = BacktestVenue.Touch };
        Assert.That(MarketOf(touch).Notes, Has.Some.EqualTo(
            $"{name} and {name} overlap: both are played, update by update in the order of time."));
        Assert.That(Play(touch).Result.Figures.MarketData.Trades, Is.EqualTo(2 * 2_973L));
    }

    /// <summary>Bars of a future on its tick: their quotes are on it too, and more contracts cost more.</summary>
    [Test]
    public void ShouldPayTheLinearSlippageWhenTheDataAreBarsAndNoModelIsSet()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".csv");
        WriteBars(file);
        try
        {
            var market = MarketOf(new BacktestOptions { DataFiles = [file] });
            var pipeline = DemoConfiguration.LoadScheduled(null);
            var none = new SlippageOptions { Model = SlippageKind.None };
            var unslipped = pipeline with { Exchange = pipeline.Exchange with { Slippage = none } };
            var (own, displayed) = (Costs(market, pipeline), Costs(market, unslipped));

            using (Assert.EnterMultipleScope())
            {
                Assert.That(market.Notes, Has.Some.Contains("exchange.slippage"));
                Assert.That(market.Complete(pipeline).Exchange.Slippage.Model, Is.EqualTo(SlippageKind.Linear));
                Assert.That(market.Complete(unslipped).Exchange.Slippage.Model, Is.EqualTo(SlippageKind.None));
                Assert.That(own.Refused, Is.Zero, "quotes around bars are on the tick");
                Assert.That(own.Executed, Is.GreaterThan(20));
                Assert.That(own.Equity, Is.LessThan(displayed.Equity), "one tick a contract and more");
            }
        }
        finally
        {
            File.Delete(file);
        }

        static BacktestFigures Costs(BacktestMarket market, PipelineOptions pipeline) =>
            market.Play(pipeline, new RuleBasedPolicy(new RuleBasedPolicyOptions()), 3, null, default).Figures;
    }

    [Test]
    public void ShouldReadVenueModelAndLatencyWhenTheyAreGiven()
    {
        var options = (BacktestOptions)Xp.Run(
            "backtest", "--venue", "orders", "--fill-model", "adverse", "--latency-us", "40:5", "--seed", "9").Options!;
        var plain = (BacktestOptions)Xp.Run("backtest").Options!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((options.Venue, options.Fill), Is.EqualTo((BacktestVenue.Orders, FillChoice.Adverse)));
            Assert.That(
                options.Latency,
                Is.EqualTo(new VenueLatencyOptions { LatencyNs = 40_000, JitterNs = 5_000, Seed = 9 }));
            Assert.That((plain.Venue, plain.Fill), Is.EqualTo(((BacktestVenue?)null, (FillChoice?)null)));
            Assert.That((plain.Latency.LatencyNs, plain.Latency.JitterNs), Is.EqualTo((250_000, 50_000)));
        }
    }

    [TestCase("-1")]
    [TestCase("1:2:3")]
    [TestCase("fast")]
    [TestCase("99999999")]
    public void ShouldRefuseALatencyThatIsNone(string given)
    {
        var xp = Xp.Run("backtest", "--latency-us", given);

        Assert.That(xp.ExitCode, Is.EqualTo(ExitCode.Unusable));
        Assert.That(xp.Error, Does.Contain("--latency-us").And.Contain("is no latency"));
    }

    /// <summary>An hour of bars of a minute, which go up and down.</summary>
    private static void WriteBars(string path)
    {
        using var file = File.CreateText(path);
        file.WriteLine("ts,open,high,low,close,volume");
        var start = DateTimeOffset.UnixEpoch.AddDays(19_724).AddHours(15);
        for (var minute = 0; minute < 60; minute++)
        {
            var price = 5_000m + minute % 7 * 0.5m;
            file.WriteLine(FormattableString.Invariant(
                $"{start.AddMinutes(minute):yyyy-MM-ddTHH:mm:ssZ},{price},{price + 1},{price - 1},{price + 0.5m},400"));
        }
    }

    private static BacktestMarket MarketOf(BacktestOptions options) =>
        new(options, DemoConfiguration.LoadScheduled(null).Instruments[0], default);

    private static (BacktestRun Run, BacktestResult Result) Play(BacktestOptions options)
    {
        var pipeline = DemoConfiguration.LoadScheduled(null);
        var market = new BacktestMarket(options, pipeline.Instruments[0], default);
        var run = new BacktestRun(
            pipeline, new RuleBasedPolicy(new RuleBasedPolicyOptions()), market.Span.FirstNs, market.Venue);
        var signals = new SeededSignals([market.Span], Signals, 3, pipeline.Instruments[0].Id, run.InstrumentIds);
        var source = market.Open(run);
        using var closing = source as IDisposable;
        return (run, run.Play(source, signals, null, default));
    }
}
