using ExecutionPipeline.Analysis.Costs;
using ExecutionPipeline.Analysis.Market;
using ExecutionPipeline.Analysis.Reports;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Testing;
using static ExecutionPipeline.Analysis.Tests.Samples;

namespace ExecutionPipeline.Analysis.Tests;

[TestFixture]
public sealed class ExecutionAnalysisTests
{
    private static readonly Dictionary<string, MarketSeries> Markets = new() { ["SPY"] = Rising() };

    [Test]
    public void ShouldSumUpToTheSameWhicheverWayOrdersAreGrouped()
    {
        var orders = Samples.Random(TestSeed.NewRandom(), 500);
        var analysis = new ExecutionAnalysis(orders, Markets);
        var all = analysis.All!;

        using (Assert.EnterMultipleScope())
        {
            foreach (var groups in new[] { analysis.ByStrategy, analysis.ByHour, analysis.ByInstrument })
            {
                Assert.That(Sum(groups), Is.EqualTo(all.Cost));
                Assert.That(groups.Sum(static group => group.Orders), Is.EqualTo(500));
                Assert.That(groups.Sum(static group => group.DecisionValueE6), Is.EqualTo(all.DecisionValueE6));
            }

            // What was executed nowhere belongs to no venue.
            Assert.That(Sum(analysis.ByVenue), Is.EqualTo(all.Cost with { OpportunityE6 = 0 }));
            Assert.That(analysis.ByVenue.Select(static venue => venue.Key), Is.EqualTo(new[] { "A", "B" }));
            Assert.That(analysis.ByVenue.Sum(static venue => venue.Executed), Is.EqualTo(all.Executed));
            var sum = analysis.Orders.Aggregate(default(CostBreakdown), static (sum, order) => sum + order.Cost);
            Assert.That(all.Cost, Is.EqualTo(sum));
        }
    }

    [Test]
    public void ShouldWeighByValueAndGiveTheIntervalOfTheMean()
    {
        var analysis = new ExecutionAnalysis(
            [
                Order(Side.Buy, 100, 100, [Fill(1, 100, 100.10)], id: 1),
                Order(Side.Buy, 300, 100, [Fill(2, 300, 100.30)], id: 2),
            ],
            new Dictionary<string, MarketSeries>());
        var all = analysis.All!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(all.TotalBps, Is.EqualTo(25).Within(1e-9));
            Assert.That(all.MeanBps, Is.EqualTo(20).Within(1e-9));
            Assert.That(all.Interval95Bps, Is.EqualTo(12.7062 * 10).Within(1e-3));
            Assert.That(all.ArrivalBps, Is.EqualTo(25).Within(1e-6));
            Assert.That(all.VwapBps, Is.Null);
            Assert.That(all.FillRate, Is.EqualTo(1));
        }
    }

    [Test]
    public void ShouldGroupByTheClockOfTheZoneWhenThereIsOne()
    {
        var orders = new[] { Order(Side.Buy, 1, 100, []) };
        var newYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

        Assert.That(new ExecutionAnalysis(orders, Markets).ByHour.Single().Key, Is.EqualTo("14:00"));
        Assert.That(new ExecutionAnalysis(orders, Markets, zone: newYork).ByHour.Single().Key, Is.EqualTo("09:00"));
    }

    [Test]
    public void ShouldSumTradesUpByWhatEndedThem()
    {
        TradeSummary[] trades =
        [
            Closed(ExitReason.TakeProfit, Side.Buy, 100, 102, best: 104),
            Closed(ExitReason.TakeProfit, Side.Sell, 102, 101, best: 101),
            Closed(ExitReason.StopLoss, Side.Buy, 100, 99, best: 101),
        ];
        var analysis = new ExecutionAnalysis([], Markets, trades);
        var all = analysis.AllTrades!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(analysis.All, Is.Null);
            Assert.That((all.Trades, all.Winners), Is.EqualTo((3, 2)));
            Assert.That(all.GrossPnlE6, Is.EqualTo(Money(20 + 10 - 10)));
            Assert.That(all.NetPnlE6, Is.EqualTo(Money(20 - 3 * 2)));
            Assert.That(all.ProfitFactor, Is.EqualTo((18.0 + 8) / 12).Within(1e-9));
            Assert.That(all.CaptureRatio, Is.EqualTo(2.0 / 6).Within(1e-9));
            Assert.That(all.MeanSeconds, Is.EqualTo(60));
            Assert.That(
                analysis.TradesByReason.Select(static group => (group.Key, group.Trades)),
                Is.EqualTo(new[] { ("StopLoss", 1), ("TakeProfit", 2) }));
        }
    }

    [Test]
    public void ShouldTellMachinesTheSameWhenFiguresAreMade()
    {
        var analysis = new ExecutionAnalysis(Samples.Random(TestSeed.NewRandom(), 50), Markets);
        var figures = AnalysisFigures.Of(analysis);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(figures.Orders, Has.Count.EqualTo(50));
            Assert.That(figures.All!.Cost.Total, Is.EqualTo(analysis.All!.Cost.TotalE6 / 1e6m));
            Assert.That(
                figures.Orders.Sum(static order => order.Cost.Total), Is.EqualTo(figures.All.Cost.Total));
            Assert.That(
                figures.All.PartsBps.Values.Sum(), Is.EqualTo(figures.All.TotalBps).Within(1e-9));
        }
    }

    private static CostBreakdown Sum(IEnumerable<CostSummary> groups) =>
        groups.Aggregate(default(CostBreakdown), static (sum, group) => sum + group.Cost);

    /// <summary>Ten shares over a minute, with fees of one for each side.</summary>
    private static TradeSummary Closed(ExitReason reason, Side side, double entry, double exit, double best) => new(
        new Trade
        {
            Side = side,
            ExitReason = reason,
            EntryQuantity = 10,
            ExitQuantity = 10,
            FirstEntryNs = At(0),
            LastExitNs = At(60),
            EntrySumE9 = 10 * (Int128)Price(entry),
            ExitSumE9 = 10 * (Int128)Price(exit),
            EntryValueE6 = Money(10 * entry),
            ExitValueE6 = Money(10 * exit),
            EntryFeesE6 = Money(1),
            ExitFeesE6 = Money(1),
            HighE9 = Price(Math.Max(best, Math.Max(entry, exit))),
            LowE9 = Price(Math.Min(best, Math.Min(entry, exit))),
        },
        Share);
}
