using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>Why a child order did not leave with the event that wanted to send it.</summary>
public enum ChildRefusal
{
    None,

    /// <summary>The kill switch, a breaker, or the venue's state.</summary>
    Gate,

    /// <summary>Too many orders within a second.</summary>
    Rate,

    /// <summary>The limit price is too far from the market.</summary>
    Collar,

    /// <summary>More contracts than an order may have.</summary>
    Size,

    /// <summary>The market is crossed, or there is no price.</summary>
    Market,

    /// <summary>There is no room for another order.</summary>
    Capacity,

    /// <summary>No venue can be reached.</summary>
    Venue,
}

/// <summary>
/// The last check, in the very event in which a child order leaves: what was approved when its parent was decided may
/// be wrong by now. What only takes risk off passes.
/// </summary>
internal sealed class ChildCheck(RiskLimits limits) : IStateful
{
    private const long SecondNs = 1_000_000_000;

    private readonly EventRate _rate = new(limits.MaxOrdersPerSecond, SecondNs);
    private RiskLimits _limits = limits;
    private readonly long[] _refusals = new long[Enum.GetValues<ChildRefusal>().Length];

    /// <summary>Children that were held back for a reason.</summary>
    public long CountOf(ChildRefusal refusal) => _refusals[(int)refusal];

    /// <summary>Holds children against another limit from this event on.</summary>
    public RoutingOutcome Obey(in Command command)
    {
        _limits = ReloadableLimits.With(_limits, command.Limit, command.LimitValue);
        return RoutingOutcome.None;
    }

    /// <summary>Whether a child may leave; one that may is counted in the rate.</summary>
    /// <param name="parent">Its parent.</param>
    /// <param name="child">What shall leave.</param>
    /// <param name="market">Of the instrument, now.</param>
    /// <param name="verdict">Of the event.</param>
    public ChildRefusal Judge(
        in ParentOrder parent, in ChildTarget child, in MarketView market, in RiskVerdict verdict)
    {
        var refusal = JudgeChange(parent, child, market, verdict);
        if (refusal == ChildRefusal.None)
            _rate.Add(market.TimeNs);
        return refusal;
    }

    /// <summary>
    /// Whether a child at the venue may become larger or dearer: as one that leaves, but it counts as no further order.
    /// </summary>
    public ChildRefusal JudgeChange(
        in ParentOrder parent, in ChildTarget child, in MarketView market, in RiskVerdict verdict)
    {
        var refusal = parent.IsReducing ? ChildRefusal.None : Reason(parent.Strategy, child, market, verdict);
        return refusal == ChildRefusal.None ? refusal : Refuse(refusal);
    }

    /// <summary>
    /// Whether a child that may leave may be one more order, at another venue; one that may is counted in the rate.
    /// </summary>
    public bool TryAddPart(in ParentOrder parent, in MarketView market, in RiskVerdict verdict)
    {
        if (!parent.IsReducing && _rate.CountAt(market.TimeNs) >= MostOrders(verdict))
            return false;

        _rate.Add(market.TimeNs);
        return true;
    }

    /// <summary>Counts a child that passed and could not be sent.</summary>
    public ChildRefusal Refuse(ChildRefusal refusal)
    {
        _refusals[(int)refusal]++;
        return refusal;
    }

    public void Transfer(StateStream state)
    {
        _limits = ReloadableLimits.Transfer(state, _limits);
        _rate.Transfer(state);
        state.Array(_refusals);
    }

    private ChildRefusal Reason(
        ExecutionStrategy strategy, in ChildTarget child, in MarketView market, in RiskVerdict verdict)
    {
        if (!verdict.Allows(strategy))
            return ChildRefusal.Gate;
        if (_rate.CountAt(market.TimeNs) >= MostOrders(verdict))
            return ChildRefusal.Rate;
        if (child.Quantity > _limits.MaxOrderSize)
            return ChildRefusal.Size;
        if (market.MarkPriceE9 <= 0 || (_limits.RefuseCrossedMarket && market.IsCrossed))
            return ChildRefusal.Market;

        var distanceE9 = child.LimitPriceE9 == 0 ? 0 : Math.Abs(child.LimitPriceE9 - market.MarkPriceE9);
        return distanceE9 <= _limits.PriceCollar * market.MarkPriceE9 ? ChildRefusal.None : ChildRefusal.Collar;
    }

    private int MostOrders(in RiskVerdict verdict) => verdict.IsThrottled
        ? _limits.Breakers.ThrottledOrdersPerSecond
        : _limits.MaxOrdersPerSecond;
}
