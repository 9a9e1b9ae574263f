using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Algorithms;

/// <summary>
/// One parent order at a market: asks its algorithm at every event, holds its one child at the venue to what it wants,
/// and trades it. What an order at the far touch finds there is said by the market; an order that rests trades when a
/// test says so, or when the market comes to it.
/// </summary>
internal sealed class AlgorithmRig
{
    public const long SecondNs = E9;

    private readonly ExecutionAlgorithm _algorithm;
    private long _wakeNs;

    public ParentOrder Parent;
    public MarketView Market;
    public ChildTarget Target;

    public AlgorithmRig(
        ExecutionAlgorithm algorithm,
        int quantity,
        Side side = Side.Buy,
        double limit = 0,
        ulong parentId = 7,
        float urgency = 0.5f,
        MarketRegime regime = MarketRegime.SidewaysLow,
        double bid = 100)
    {
        _algorithm = algorithm;
        Market = new MarketView { Instrument = Table()[0], TimeNs = StartNs, Regime = regime };
        Quote(bid, bid + 0.25, 1_000_000);
        Parent = new ParentOrder
        {
            ParentId = parentId,
            Quantity = quantity,
            Side = side,
            ArrivalPriceE9 = Market.MarkPriceE9,
            LimitPriceE9 = Price(limit),
            StartNs = StartNs,
            Urgency = urgency,
            Status = ParentStatus.Working,
        };
        algorithm.Plan(ref Parent, Market);
    }

    public ChildState Child { get; private set; }

    /// <summary>Contracts and price of each execution, whether at the far touch, and when after the start.</summary>
    public List<(int Quantity, long PriceE9, bool IsCrossing, double Seconds)> Fills { get; } = [];

    public bool IsEnded { get; private set; }

    public double Seconds => (Market.TimeNs - StartNs) / (double)SecondNs;

    public int Given => Parent.Remaining;

    /// <summary>The touch; nothing is asked.</summary>
    public void Quote(double bid, double ask, int quantity)
    {
        (Market.BidPriceE9, Market.AskPriceE9) = (Price(bid), Price(ask));
        (Market.BidQuantity, Market.AskQuantity) = (quantity, quantity);
        Market.MarkPriceE9 = (Market.BidPriceE9 + Market.AskPriceE9) / 2;
    }

    /// <summary>Asks until the child is what the algorithm wants and trades no more.</summary>
    public void React()
    {
        for (var round = 0; !IsEnded; round++)
        {
            Assert.That(round, Is.LessThan(10_000), "the algorithm comes to no end");
            Target = _algorithm.React(ref Parent, Market, Child);
            AssertSound();
            _wakeNs = Target.WakeNs;
            if (Target.IsDone)
            {
                Child = ChildState.None;
                IsEnded = true;
                return;
            }

            Child = new ChildState(Target.Quantity, Target.Type, Target.TimeInForce, Target.LimitPriceE9);
            if (!TryTradeAtFarTouch())
                return;
        }
    }

    /// <summary>Lets the time pass, with a reaction at each time that the algorithm asked for.</summary>
    public void RunTo(double seconds)
    {
        var untilNs = StartNs + (long)(seconds * SecondNs);
        React();
        while (!IsEnded && _wakeNs != 0 && _wakeNs <= untilNs)
        {
            Market.TimeNs = _wakeNs;
            React();
        }

        Market.TimeNs = Math.Max(untilNs, Market.TimeNs);
        if (!IsEnded)
            React();
    }

    /// <summary>The resting child trades as much of itself.</summary>
    public void TradeAtRest(int quantity)
    {
        Execute(Math.Min(quantity, Child.Leaves), Child.LimitPriceE9, isCrossing: false);
        React();
    }

    /// <summary>The venue ends the child: what it rejects, or what expires.</summary>
    public void EndChild()
    {
        Child = ChildState.None;
        React();
    }

    private bool TryTradeAtFarTouch()
    {
        ref var depth = ref Parent.Side == Side.Buy ? ref Market.AskQuantity : ref Market.BidQuantity;
        var farE9 = Market.FarTouchE9(Parent.Side);
        var isMarketable = Child.Type == OrderType.Market || Parent.Sign * (Child.LimitPriceE9 - farE9) >= 0;
        var quantity = isMarketable ? Math.Min(depth, Child.Leaves) : 0;
        if (quantity > 0)
        {
            depth -= quantity;
            Execute(quantity, farE9, isCrossing: true);
        }

        if (Child.IsWorking && Child.TimeInForce == TimeInForce.ImmediateOrCancel)
        {
            Child = ChildState.None;
            return true;
        }

        return quantity > 0;
    }

    private void Execute(int quantity, long priceE9, bool isCrossing)
    {
        Parent.Executed += quantity;
        Parent.ExecutedSumE9 += (Int128)priceE9 * quantity;
        Child = Child with { Leaves = Child.Leaves - quantity };
        Fills.Add((quantity, priceE9, isCrossing, Seconds));
    }

    /// <summary>What holds for every target of every algorithm.</summary>
    private void AssertSound()
    {
        if (Target.Quantity < 0 || Target.Quantity > Parent.Remaining)
            Assert.Fail($"{Target.Quantity} contracts are wanted and {Parent.Remaining} are left");
        if (Target.IsDone && Target.Quantity != 0)
            Assert.Fail("it is done, and wants something");
        if (Target.WakeNs != 0 && Target.WakeNs <= Market.TimeNs)
            Assert.Fail("it wants to be asked at a time that has passed");
        var isBeyond = Parent.LimitPriceE9 != 0 && Parent.Sign * (Target.LimitPriceE9 - Parent.LimitPriceE9) > 0;
        if (Target.Quantity > 0 && isBeyond)
            Assert.Fail($"{Target.LimitPriceE9} is beyond the limit {Parent.LimitPriceE9}");
        if (Target.Type == OrderType.Limit && Target.Quantity > 0 && !Market.Instrument.IsPrice(Target.LimitPriceE9))
            Assert.Fail($"{Target.LimitPriceE9} is no price");
    }
}

/// <summary>Options of the tests.</summary>
internal static class Options
{
    /// <summary>No randomisation and no bound by volume, so that schedules can be worked out by hand.</summary>
    public static readonly ExecutionOptions Exact = new()
    {
        TimeRandomisation = 0,
        SizeRandomisation = 0,
        Twap = new TwapOptions { TargetParticipationRate = 0 },
        Vwap = new VwapOptions { MaxParticipationRate = 0 },
        ImplementationShortfall = new ShortfallOptions { MaxParticipationRate = 0 },
    };

    public static ExecutionOptions ExactSlices(int slices) =>
        Exact with { Twap = Exact.Twap with { SliceCount = slices } };

    /// <summary>Contracts that a schedule wants executed by the end of each slice.</summary>
    public static int[] TargetsOf(AlgorithmRig rig)
    {
        var targets = new List<int>();
        while (!rig.IsEnded)
        {
            rig.React();
            if (rig.IsEnded)
                break;

            if (targets.Count == rig.Parent.Slice)
                targets.Add(rig.Parent.SliceTarget);
            rig.Market.TimeNs = rig.Target.WakeNs != 0 ? rig.Target.WakeNs : rig.Parent.EndNs;
        }

        return [.. targets];
    }
}
