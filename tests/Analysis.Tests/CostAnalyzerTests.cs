using ExecutionPipeline.Analysis.Costs;
using ExecutionPipeline.Analysis.Market;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Quant;
using ExecutionPipeline.Testing;
using static ExecutionPipeline.Analysis.Tests.Samples;

namespace ExecutionPipeline.Analysis.Tests;

[TestFixture]
public sealed class CostAnalyzerTests
{
    private const int Hour = 3_600;
    private const int Day = 24 * Hour;

    private static readonly Instrument Overnight = new InstrumentTable(
        [new InstrumentOptions { Id = 2, Symbol = "ES", Multiplier = 50, Calendar = "cme_equity" }])[0];

    private readonly CostAnalyzer _analyzer = new();

    [Test]
    public void ShouldGiveTheDocumentedCostWhenPartOfAnOrderIsMissed()
    {
        var order = Order(Side.Buy, 1_000, 100, [Fill(2, 600, 100.10, fees: 6)]) with { EndPriceE9 = Price(100.30) };

        var cost = _analyzer.Analyze(order);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cost.Cost.DelayE6 + cost.Cost.SpreadE6 + cost.Cost.ImpactE6 + cost.Cost.TimingE6,
                Is.EqualTo(Money(60)));
            Assert.That(cost.Cost.OpportunityE6, Is.EqualTo(Money(120)));
            Assert.That(cost.Cost.FeesE6, Is.EqualTo(Money(6)));
            Assert.That(cost.Cost.TotalE6, Is.EqualTo(Money(186)));
            Assert.That(cost.TotalBps, Is.EqualTo(18.6).Within(1e-12));
            Assert.That(cost.FillRate, Is.EqualTo(0.6));
            Assert.That(cost.SlippageBps, Is.EqualTo(10).Within(1e-9));
            Assert.That(cost.FillsWithoutQuote, Is.EqualTo(1));
        }
    }

    [Test]
    public void ShouldDivideTheCostAsWorkedOutByHandWhenTheMarketIsKnown()
    {
        // Arrives at 1 s with the mid at 100, four cents wide. At 21 s the mid is 100.02, the offer 100.04: 300 taken
        // there, 100 a cent beyond it. At 41 s the bid is 100.02: 200 bought while resting there.
        var order = Order(
            Side.Buy,
            1_000,
            99.99,
            [Fill(21, 300, 100.04), Fill(21, 100, 100.05), Fill(41, 200, 100.02, fees: -1)]);

        var cost = _analyzer.Analyze(order, Rising());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cost.Cost.DelayE6, Is.EqualTo(Money(600 * 0.01)));
            Assert.That(cost.Cost.SpreadE6, Is.EqualTo(Money((400 - 200) * 0.02)));
            Assert.That(cost.Cost.ImpactE6, Is.EqualTo(Money(100 * 0.01)));
            Assert.That(cost.Cost.TimingE6, Is.EqualTo(Money(400 * 0.02 + 200 * 0.04)));
            Assert.That(cost.Cost.OpportunityE6, Is.EqualTo(Money(400 * 0.07)), "the mid at the end is 100.06");
            Assert.That(cost.Cost.FeesE6, Is.EqualTo(Money(-1)));
            Assert.That(cost.FillsWithoutQuote, Is.Zero);
        }
    }

    [Test]
    public void ShouldAddUpExactlyWhateverTheOrdersAre()
    {
        var market = Rising();
        foreach (var order in Samples.Random(TestSeed.NewRandom(), 2_000))
        {
            var cost = _analyzer.Analyze(order, market);
            var paid = order.Fills.Sum(static fill => Share.ValueE6(fill.PriceE9, fill.Quantity));
            var open = order.Quantity - cost.Executed;
            var endE9 = market.QuoteAt(order.EndTimeNs)!.Value.MidE9;
            var ideal = Share.ValueE6(order.DecisionPriceE9, order.Quantity);
            var paper = order.Sign * (paid + Share.ValueE6(endE9, open) - ideal);

            Assert.That(cost.Cost.TotalE6, Is.EqualTo(paper + order.Fills.Sum(static fill => fill.FeesE6)));
            Assert.That(cost.Cost.PartsE6.Sum(), Is.EqualTo(cost.Cost.TotalE6));
        }
    }

    [Test]
    public void ShouldTurnTheSignsRoundWhenItSells()
    {
        var order = Order(Side.Sell, 100, 100.01, [Fill(21, 60, 100.00), Fill(21, 40, 99.99)]);

        var cost = _analyzer.Analyze(order, Rising());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cost.Cost.DelayE6, Is.EqualTo(Money(1)));
            Assert.That(cost.Cost.SpreadE6, Is.EqualTo(Money(2)));
            Assert.That(cost.Cost.ImpactE6, Is.EqualTo(Money(0.4)));
            Assert.That(cost.Cost.TimingE6, Is.EqualTo(Money(-2)), "the mid rose");
        }
    }

    [Test]
    public void ShouldMeasureAgainstEveryBenchmarkWhenTheMarketIsKnown()
    {
        var order = Order(Side.Buy, 100, 100, [Fill(21, 100, 100.05)]);

        var cost = _analyzer.Analyze(order, Rising());

        // From 1 to 60 s: trades at 5, 15 ... 55 s; mids of 9, 10, 10, 10, 10, 10 and 0 seconds.
        var vwap = (100 * 100.00 + 200 * 100.01 + 300 * 100.02 + 400 * 100.03 + 500 * 100.04 + 600 * 100.05) / 2_100;
        var twap = (9 * 100.00 + 10 * (100.01 + 100.02 + 100.03 + 100.04 + 100.05)) / 59;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(cost.ArrivalBps, Is.EqualTo(5).Within(1e-6));
            Assert.That(cost.VwapBps, Is.EqualTo((100.05 - vwap) / vwap * 10_000).Within(1e-6));
            Assert.That(cost.TwapBps, Is.EqualTo((100.05 - twap) / twap * 10_000).Within(1e-6));
            Assert.That(cost.CloseBps, Is.EqualTo((100.05 - 100.29) / 100.29 * 10_000).Within(1e-6));
        }
    }

    /// <summary>
    /// The session of an overnight calendar closes at 22:00 UTC in November, and the next one has opened at 23:00, on
    /// Fridays only two days later.
    /// </summary>
    [TestCase(0, 1)]
    [TestCase(3, 3)]
    public void ShouldTakeTheCloseOfTheSessionThatAnOrderEndsInWhenNightsBelongToTheNextDay(int day, int daysLater)
    {
        var nextOpen = (day + daysLater - 1) * Day + 9 * Hour;
        var market = new MarketSeries();
        market.AddTrade(At(day * Day), Price(4_000), 1);
        market.AddTrade(At(day * Day + 8 * Hour - 60), Price(4_010), 1);
        market.AddTrade(At(nextOpen + 1_800), Price(4_100), 1);
        market.AddTrade(At(nextOpen + 15 * Hour), Price(4_200), 1);
        var order = OfFuture(day * Day + Hour);
        var night = OfFuture(nextOpen + 1_800);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(CloseBps(order), Is.EqualTo(Bps(4_010)).Within(1e-6));
            Assert.That(CloseBps(night), Is.EqualTo(Bps(4_200)).Within(1e-6), "the night is of the next session");
        }

        ExecutedOrder OfFuture(double endSeconds) =>
            Order(Side.Buy, 1, 4_000, [Fill(endSeconds - 10, 1, 4_000)], 60, decidedAt: endSeconds - 60) with
            {
                Instrument = Overnight,
            };

        double? CloseBps(ExecutedOrder one) => _analyzer.Analyze(one, market).CloseBps;

        static double Bps(double close) => (4_000 - close) / close * 10_000;
    }

    /// <summary>
    /// Seconds from 14:00 UTC on a Tuesday to an order's end, and how many days later the session closes whose last
    /// price counts: at 22:00 UTC with nights (22:00 to 23:00 there is none), at 21:00 by day.
    /// </summary>
    [TestCase("cme_equity", 3 * Day + 8 * Hour + 0.05, 3)]
    [TestCase("cme_equity", 3 * Day + 8 * Hour + 31, 3)]
    [TestCase("cme_equity", 3 * Day + 10 * Hour, 6)]
    [TestCase("cme_equity", 8 * Hour + 0.05, 0)]
    [TestCase("cme_equity", 8 * Hour + 1_800, 1)]
    [TestCase("us_equity", 7 * Hour + 0.05, 0)]
    [TestCase("us_equity", 7 * Hour + 31, 0)]
    [TestCase("us_equity", 8 * Hour, 1)]
    [TestCase("us_equity", 3 * Day + 8 * Hour, 6)]
    [TestCase("us_equity", 16 * Day, 16)]
    public void ShouldTakeTheCloseJustBeforeOrElseTheNextOneWhenAnOrderEndsAfterItsSession(
        string calendar, double endSeconds, int closeDay)
    {
        var closeSeconds = calendar == "cme_equity" ? 8 * Hour : 7 * Hour;
        var market = new MarketSeries();
        for (var day = 0; day < 17; day++)
            market.AddTrade(At(day * Day + closeSeconds - 60), Price(4_000 + day), 1);
        var order = Order(Side.Buy, 1, 4_000, [Fill(endSeconds - 100, 1, 4_000)], 120, decidedAt: endSeconds - 120) with
        {
            Instrument = calendar == "cme_equity" ? Overnight : Share,
        };

        var close = 4_000.0 + closeDay;
        var expected = (4_000 - close) / close * 10_000;
        Assert.That(_analyzer.Analyze(order, market).CloseBps, Is.EqualTo(expected).Within(1e-6));
    }

    /// <summary>The session before had closed when it came.</summary>
    [Test]
    public void ShouldTakeTheNextCloseWhenAnOrderBeginsAfterTheOneJustBefore()
    {
        var market = new MarketSeries();
        market.AddTrade(At(7 * Hour - 60), Price(4_000), 1);
        market.AddTrade(At(Day + 7 * Hour - 60), Price(4_100), 1);
        var order = Order(Side.Buy, 1, 4_000, [Fill(7 * Hour + 5, 1, 4_000)], 9, decidedAt: 7 * Hour + 1);

        Assert.That(_analyzer.Analyze(order, market).CloseBps, Is.EqualTo(-100 / 4_100.0 * 10_000).Within(1e-6));
    }

    /// <summary>A journal of a pipeline that takes crossed quotes in has fills that met one.</summary>
    [TestCase(Side.Buy)]
    [TestCase(Side.Sell)]
    public void ShouldTakeTheMarketsQuoteWhenAFillsOwnIsCrossed(Side side)
    {
        var crossed = Fill(21, 100, 100.05) with { BidPriceE9 = Price(100.10), AskPriceE9 = Price(100.00) };
        var plain = Fill(21, 100, 100.05);

        var cost = _analyzer.Analyze(Order(side, 100, 100, [crossed]), Rising());
        var expected = _analyzer.Analyze(Order(side, 100, 100, [plain]), Rising());
        var alone = _analyzer.Analyze(Order(side, 100, 100, [crossed]));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cost.Cost, Is.EqualTo(expected.Cost));
            Assert.That(cost.Cost.PartsE6.Sum(), Is.EqualTo(cost.Cost.TotalE6));
            Assert.That((cost.FillsWithoutQuote, alone.FillsWithoutQuote), Is.EqualTo((0, 1)));
        }
    }

    [Test]
    public void ShouldLookAtFillsAgainWhenSecondsHavePassed()
    {
        var bought = _analyzer.Analyze(Order(Side.Buy, 100, 100, [Fill(28, 100, 100.04)]), Rising());
        var sold = _analyzer.Analyze(Order(Side.Sell, 100, 100, [Fill(28, 100, 100.00)]), Rising());
        var late = _analyzer.Analyze(Order(Side.Buy, 1, 100, [Fill(292, 1, 100.3)], endSeconds: 295), Rising());

        using (Assert.EnterMultipleScope())
        {
            // The mid is 100.02 when it trades and a second later, 100.03 after five and 100.05 after thirty.
            Assert.That(bought.MarkOutsBps[0], Is.EqualTo(-2).Within(0.01));
            Assert.That(bought.MarkOutsBps[1], Is.EqualTo(-1).Within(0.01));
            Assert.That(bought.MarkOutsBps[2], Is.EqualTo(1).Within(0.01));
            Assert.That(sold.MarkOutsBps[2], Is.EqualTo(-5).Within(0.01));
            Assert.That(bought.AdverseSelectionBps, Is.Zero);
            Assert.That(sold.AdverseSelectionBps, Is.EqualTo(1).Within(0.01));
            Assert.That(late.MarkOutsBps[0], Is.Not.Null);
            Assert.That(late.MarkOutsBps[2], Is.Null, "the data end before");
        }
    }

    [Test]
    public void ShouldEstimateSpreadAndImpactBeforeTheTrade()
    {
        var order = Order(Side.Buy, 400, 100, []) with { Volatility = 0.02 };

        var cost = _analyzer.Analyze(order, Rising());

        Assert.That(cost.EstimateBps, Is.EqualTo(2 + 0.02 * Math.Sqrt(400 / 1e6) * 10_000).Within(1e-9));
        Assert.That(
            new CostAnalyzer(SquareRootImpact.CalibratedAlpha).Analyze(order, Rising()).EstimateBps,
            Is.EqualTo(2 + 0.08 * 4).Within(1e-9));
    }

    [Test]
    public void ShouldKnowNothingButTheMissedWhenNothingWasExecuted()
    {
        var cost = _analyzer.Analyze(Order(Side.Sell, 10, 100, []), Rising());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cost.Cost.TotalE6, Is.EqualTo(cost.Cost.OpportunityE6).And.EqualTo(Money(-0.6)));
            Assert.That(cost.ArrivalBps, Is.Null);
            Assert.That(cost.MarkOutsBps, Is.All.Null);
            Assert.That(cost.QualityScore, Is.Zero);
        }
    }

    [Test]
    public void ShouldScoreTheQualityByFillsSlippageAndSpeed()
    {
        var order = Order(Side.Buy, 1_000, 100, [Fill(0.25, 500, 100.02)]) with { ArrivalTimeNs = StartNs };

        Assert.That(
            _analyzer.Analyze(order).QualityScore,
            Is.EqualTo(0.4 * 0.5 + 0.4 * 0.8 + 0.2 * 0.75).Within(1e-9));
    }

    [Test]
    public void ShouldNameTheOrderWhenItContradictsItself()
    {
        var order = Order(Side.Buy, 10, 100, [], id: 77);
        ExecutedOrder[] wrong =
        [
            order with { Side = Side.None },
            order with { Quantity = 0 },
            order with { DecisionPriceE9 = 0 },
            order with { ArrivalTimeNs = At(-1) },
            order with { EndTimeNs = At(0.5) },
            order with { Fills = [Fill(2, 0, 100)] },
            order with { Fills = [Fill(3, 1, 100), Fill(2, 1, 100)] },
        ];
        foreach (var one in wrong)
            Assert.That(() => _analyzer.Analyze(one), Throws.ArgumentException.With.Message.StartsWith("Order 77 "));
    }
}
