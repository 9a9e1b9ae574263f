using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Algorithms.Options;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Algorithms;

/// <summary>How algorithms react to what becomes of their child orders and of the market.</summary>
[TestFixture]
public sealed class ReactionTests
{
    [TestCase(Side.Buy, 100, 100.25)]
    [TestCase(Side.Sell, 100.25, 100)]
    public void ShouldRestFirstAndThenCrossWhenASliceRunsOut(Side side, double near, double far)
    {
        var rig = new AlgorithmRig(new TwapAlgorithm(Exact), 100, side);
        rig.React();
        Assert.That((rig.Target.Quantity, rig.Target.LimitPriceE9), Is.EqualTo((10, Price(near))));
        Assert.That(rig.Target.WakeNs, Is.EqualTo(StartNs + 24 * E9));

        rig.TradeAtRest(4);
        Assert.That((rig.Target.Quantity, rig.Target.LimitPriceE9), Is.EqualTo((6, Price(near))));

        rig.RunTo(24);
        Assert.That(rig.Fills, Is.EqualTo(new[] { (4, Price(near), false, 0.0), (6, Price(far), true, 24.0) }));
        Assert.That(rig.Target.Quantity, Is.Zero, "the slice is done");
        Assert.That(rig.Target.WakeNs, Is.EqualTo(StartNs + 30 * E9));
    }

    [Test]
    public void ShouldFollowTheTouchWhenItMoves()
    {
        var rig = new AlgorithmRig(new TwapAlgorithm(Exact), 100);
        rig.React();
        rig.Quote(100.5, 100.75, 1);
        rig.React();
        Assert.That(rig.Target.LimitPriceE9, Is.EqualTo(Price(100.5)));

        rig.RunTo(24);
        Assert.That(rig.Fills, Has.Count.EqualTo(1), "one contract is offered");
        Assert.That((rig.Target.Quantity, rig.Target.LimitPriceE9), Is.EqualTo((9, Price(100.75))));

        rig.Quote(101, 101.25, 20);
        rig.React();
        Assert.That(rig.Fills[^1], Is.EqualTo((9, Price(101.25), true, 24.0)));
    }

    [Test]
    public void ShouldCarryOverWhatASliceLeavesWhenNothingIsOffered()
    {
        var rig = new AlgorithmRig(new TwapAlgorithm(Exact), 100);
        rig.Quote(100, 100.25, 0);
        rig.RunTo(65);
        Assert.That(rig.Target.Quantity, Is.EqualTo(30), "three slices");

        rig.RunTo(1_000);
        Assert.That(rig.Target.Quantity, Is.EqualTo(100));
        Assert.That(rig.Target.LimitPriceE9, Is.EqualTo(Price(100.25)));
        rig.Quote(100, 100.25, 500);
        rig.React();
        rig.React();
        Assert.That((rig.Given, rig.IsEnded), Is.EqualTo((0, true)));
    }

    [TestCase(Side.Buy, 100.5, 100.75, 101)]
    [TestCase(Side.Sell, 99.75, 99.25, 99.5)]
    public void ShouldGiveUpWhatIsTooDearWhenItIsToBeCancelled(Side side, double limit, double bid, double ask)
    {
        var rig = new AlgorithmRig(new TwapAlgorithm(Exact), 100, side, limit);
        rig.RunTo(24);
        rig.Quote(bid, ask, 1_000);
        rig.RunTo(40);
        Assert.That(rig.Target.LimitPriceE9, Is.EqualTo(Price(limit)), "rests no further than its limit");

        rig.RunTo(299);
        Assert.That(rig.IsEnded, Is.False, "the market may come back");

        rig.RunTo(300);
        Assert.That((rig.IsEnded, rig.Given, rig.Target.IsTooDear), Is.EqualTo((true, 90, true)));
    }

    [TestCase(Side.Buy, 102, 101.5, 101.75)]
    [TestCase(Side.Sell, 98.25, 98.5, 98.75)]
    public void ShouldTakeWhatIsLeftWhileItMayWhenTheMarketRunsAway(Side side, double limit, double bid, double ask)
    {
        foreach (var algorithm in (ExecutionAlgorithm[])[new TwapAlgorithm(Exact), new IcebergAlgorithm(Exact)])
        {
            var rig = new AlgorithmRig(algorithm, 100, side, limit);
            rig.Quote(bid, ask, 1_000);
            rig.React();
            Assert.That((rig.IsEnded, rig.Given), Is.EqualTo((true, 0)));
            Assert.That(
                rig.Fills.Select(static fill => fill.PriceE9),
                Is.All.EqualTo(Price(side == Side.Buy ? ask : bid)), "within its limit");
        }
    }

    [Test]
    public void ShouldGoOnRestingWhenTheSpreadIsWideAndTheMarketHasNotMoved()
    {
        var rig = new AlgorithmRig(new TwapAlgorithm(Exact), 100, limit: 101);
        (rig.Market.BidPriceE9, rig.Market.AskPriceE9) = (Price(99.25), Price(101));
        rig.React();
        Assert.That(rig.Target.LimitPriceE9, Is.EqualTo(Price(99.25)));
    }

    [Test]
    public void ShouldStayAtItsLimitWhenWhatIsTooDearIsToRest()
    {
        var rig = new AlgorithmRig(new TwapAlgorithm(Exact with { OnTooDear = TooDearAction.Rest }), 100, limit: 100.5);
        rig.Quote(100.75, 101, 1_000);
        rig.RunTo(500);
        Assert.That((rig.Target.Quantity, rig.Target.LimitPriceE9), Is.EqualTo((100, Price(100.5))));

        rig.Quote(100, 100.25, 1_000);
        rig.React();
        Assert.That((rig.IsEnded, rig.Given), Is.EqualTo((true, 0)));
    }

    [Test]
    public void ShouldTakeNoMoreThanItsShareWhenTheMarketTradesLittle()
    {
        var options = Exact with { Twap = new TwapOptions { TargetParticipationRate = 0.1 } };
        var rig = new AlgorithmRig(new TwapAlgorithm(options), 100);
        rig.RunTo(59);
        Assert.That(rig.Parent.Executed, Is.EqualTo(2), "nothing traded: one contract in each slice");

        rig.Market.TradedVolume = 150;
        rig.RunTo(299);
        Assert.That(rig.Parent.Executed, Is.EqualTo(15), "a tenth of what traded");

        rig.RunTo(300);
        Assert.That((rig.IsEnded, rig.Given), Is.EqualTo((true, 0)), "the rest at the end");
    }

    /// <summary>Its share is used up after half a second, and grows with what others trade since then.</summary>
    [Test]
    public void ShouldGoOnWithinItsSliceWhenTheMarketHasTradedMore()
    {
        var options = Exact with { Twap = new TwapOptions { TargetParticipationRate = 0.1 } };
        var rig = new AlgorithmRig(new TwapAlgorithm(options), 100);
        rig.React();
        rig.Market.TimeNs = StartNs + E9 / 2;
        rig.TradeAtRest(1);
        Assert.That((rig.Target.Quantity, rig.Target.WakeNs), Is.EqualTo((0, StartNs + 24 * E9)));

        rig.Market.TradedVolume = 1_000;
        rig.Market.TimeNs = rig.Target.WakeNs;
        rig.React();
        Assert.That(rig.Parent.Executed, Is.EqualTo(10), "all of the slice");
        Assert.That(rig.Target.WakeNs, Is.EqualTo(StartNs + 30 * E9));
    }

    /// <summary>What the market allows is used up in the part of the slice that crosses, too.</summary>
    [Test]
    public void ShouldLookAgainWithinItsSliceWhileTheMarketHoldsItBack()
    {
        var options = Exact with { Twap = new TwapOptions { TargetParticipationRate = 0.1 } };
        var rig = new AlgorithmRig(new TwapAlgorithm(options), 100);
        rig.React();
        rig.Market.TradedVolume = 50;
        rig.Market.TimeNs = StartNs + 24 * E9;
        rig.React();
        Assert.That(rig.Parent.Executed, Is.EqualTo(5), "a tenth of what traded");
        Assert.That(rig.Target.WakeNs, Is.EqualTo(StartNs + 25 * E9 + E9 / 2));

        rig.Market.TradedVolume = 1_000;
        rig.Market.TimeNs = rig.Target.WakeNs;
        rig.React();
        Assert.That(rig.Parent.Executed, Is.EqualTo(10), "all of the slice");
    }

    [Test]
    public void ShouldCrossContractAfterContractWhenAVwapFallsBehind()
    {
        var rig = new AlgorithmRig(new VwapAlgorithm(Exact, []), 100);
        rig.RunTo(5.9);
        Assert.That(rig.Fills, Is.Empty, "within the tolerance of a fifth of 30 seconds");

        rig.RunTo(6);
        Assert.That(rig.Fills, Has.Count.EqualTo(1));
        Assert.That(rig.Target.LimitPriceE9, Is.EqualTo(Price(100)), "the others rest");

        rig.TradeAtRest(3);
        rig.RunTo(29.9);
        Assert.That(rig.Parent.Executed, Is.EqualTo(10));
        Assert.That(rig.Fills.Count(static fill => fill.IsCrossing), Is.EqualTo(7));
        rig.RunTo(300);
        Assert.That(rig.Given, Is.Zero);
    }

    [TestCase(100, 10, 5)]
    [TestCase(10, 1, 0)]
    [TestCase(3, 1, 0)]
    [TestCase(30, 3, 1)]
    [TestCase(1_000, 100, 50)]
    public void ShouldShowAPeakAndReplenishItWhenItIsAnIceberg(int quantity, int peak, int threshold)
    {
        var rig = new AlgorithmRig(new IcebergAlgorithm(Exact), quantity);
        rig.React();
        while (!rig.IsEnded)
        {
            var shown = Math.Min(peak, rig.Parent.Remaining);
            Assert.That((rig.Target.Quantity, rig.Target.LimitPriceE9), Is.EqualTo((shown, Price(100))));
            while (rig.Target.Quantity > threshold + 1)
            {
                rig.TradeAtRest(1);
                Assert.That(rig.Target.Quantity, Is.EqualTo(--shown), "no new peak yet");
            }

            rig.TradeAtRest(1);
        }

        Assert.That(rig.Given, Is.Zero);
        Assert.That(rig.Fills, Has.Count.EqualTo(quantity));
    }

    [Test]
    public void ShouldKeepItsPeakWhenAnIcebergIsAskedAgain()
    {
        var rig = new AlgorithmRig(new IcebergAlgorithm(new ExecutionOptions()), 1_000);
        rig.React();
        var (shown, peaks) = (rig.Target.Quantity, rig.Parent.Slice);
        rig.Quote(100.25, 100.5, 5);
        rig.React();
        Assert.That((rig.Target.Quantity, rig.Parent.Slice), Is.EqualTo((shown, peaks)));
        Assert.That(shown, Is.InRange(80, 120));
        Assert.That(rig.Target.LimitPriceE9, Is.EqualTo(Price(100.25)));
    }

    /// <summary>A peak of 11 contracts, give or take one, and a threshold of 10.</summary>
    [Test]
    public void ShouldKeepItsPeakWhenTheThresholdIsAlmostAsLarge()
    {
        var iceberg = new IcebergOptions { DisplaySizePct = 0.29, ReplenishThresholdPct = 0.25 };
        var options = new ExecutionOptions { SizeRandomisation = 0.1, Iceberg = iceberg };
        options.Validate();
        for (var parentId = 1UL; parentId <= 50; parentId++)
        {
            var rig = new AlgorithmRig(new IcebergAlgorithm(options), 40, parentId: parentId);
            rig.React();
            var peak = (rig.Target.Quantity, rig.Parent.Slice);
            rig.Quote(100.25, 100.5, 5);
            rig.React();
            Assert.That((rig.Target.Quantity, rig.Parent.Slice), Is.EqualTo(peak), $"parent {parentId}");
        }
    }

    [Test]
    public void ShouldCrossWhenTheTimeOfAnIcebergIsOver()
    {
        var rig = new AlgorithmRig(new IcebergAlgorithm(Exact), 40);
        rig.React();
        rig.TradeAtRest(4);
        rig.RunTo(300);
        Assert.That(rig.Fills[^1], Is.EqualTo((36, Price(100.25), true, 300.0)));
        Assert.That(rig.IsEnded, Is.True);
    }

    [TestCase(0, OrderType.Market)]
    [TestCase(100.5, OrderType.Limit)]
    public void ShouldSendEverythingOnceWhenItIsImmediate(double limit, OrderType type)
    {
        var rig = new AlgorithmRig(new ImmediateAlgorithm(), 10, limit: limit);
        rig.Quote(100, 100.25, 6);
        rig.Target = new ImmediateAlgorithm().React(ref rig.Parent, rig.Market, ChildState.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((rig.Target.Quantity, rig.Target.Type), Is.EqualTo((10, type)));
            Assert.That(rig.Target.TimeInForce, Is.EqualTo(TimeInForce.ImmediateOrCancel));
            Assert.That(rig.Target.LimitPriceE9, Is.EqualTo(Price(limit)));
        }

        var child = new ChildState(10, type, TimeInForce.ImmediateOrCancel, Price(limit));
        rig.Target = new ImmediateAlgorithm().React(ref rig.Parent, rig.Market, child);
        Assert.That(rig.Target.Quantity, Is.EqualTo(10), "asked again while it is at the venue");

        rig.EndChild();
        Assert.That((rig.IsEnded, rig.Given), Is.EqualTo((true, 10)), "it ends with its order");
    }

    [Test]
    public void ShouldExecuteWhatIsThereWhenAnImmediateFindsLess()
    {
        var rig = new AlgorithmRig(new ImmediateAlgorithm(), 10);
        rig.Quote(100, 100.25, 6);
        rig.React();
        Assert.That((rig.IsEnded, rig.Given), Is.EqualTo((true, 4)));
    }

    [Test]
    public void ShouldWantNothingWhileThereIsNoPrice()
    {
        foreach (var algorithm in new ExecutionAlgorithm[] { new TwapAlgorithm(Exact), new IcebergAlgorithm(Exact) })
        {
            var rig = new AlgorithmRig(algorithm, 10, Side.Sell);
            rig.Market.BidPriceE9 = rig.Market.AskPriceE9 = MarketUpdate.NoPrice;
            rig.Market.MarkPriceE9 = 0;
            rig.RunTo(1_000);
            Assert.That((rig.Target.Quantity, rig.IsEnded), Is.EqualTo((0, false)));

            rig.Quote(100, 100.25, 50);
            rig.React();
            rig.React();
            Assert.That(rig.Given, Is.Zero);
        }
    }

    [Test]
    public void ShouldAimAnewWhenTheQuantityIsAmended()
    {
        var rig = new AlgorithmRig(new TwapAlgorithm(Exact), 100);
        rig.React();
        rig.Parent.Quantity = 200;
        rig.React();
        Assert.That(rig.Target.Quantity, Is.EqualTo(20));

        rig.Parent.Quantity = 12;
        rig.RunTo(400);
        Assert.That((rig.IsEnded, rig.Parent.Executed), Is.EqualTo((true, 12)));
    }

    [Test]
    public void ShouldPlaceItAgainWhenTheVenueEndsTheChild()
    {
        var rig = new AlgorithmRig(new TwapAlgorithm(Exact), 100);
        rig.React();
        rig.TradeAtRest(3);
        rig.EndChild();
        Assert.That(rig.Target.Quantity, Is.EqualTo(7));
    }
}
