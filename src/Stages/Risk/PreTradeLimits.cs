using System.Numerics;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>
/// Holds an order against the limits and says all that it breaks, by the worst that it can lead to: with what is
/// pending on its side filled and nothing on the other.
/// </summary>
internal sealed class PreTradeLimits : IStateful
{
    private const long SecondNs = 1_000_000_000;

    private readonly VarModel _varModel;
    private RiskLimits _limits;
    private LimitTable _table;
    private readonly PendingExposure _exposure;
    private readonly RiskWatch _watch;
    private readonly EventRate _orderRate;

    /// <param name="varModel">Gives the correlations.</param>
    /// <param name="limits">Validated.</param>
    /// <param name="exposure">What is held and pending.</param>
    /// <param name="watch">Kill switch, breakers and regime.</param>
    public PreTradeLimits(VarModel varModel, RiskLimits limits, PendingExposure exposure, RiskWatch watch)
    {
        _varModel = varModel;
        _limits = limits;
        _table = new LimitTable(limits, varModel);
        _exposure = exposure;
        _watch = watch;
        _orderRate = new EventRate(limits.MaxOrdersPerSecond, SecondNs);
    }

    /// <summary>Orders approved for signals in the running trading day.</summary>
    public int TradesToday { get; private set; }

    private int OrdersPerSecond => (_watch.Breakers.Responses & BreakerResponses.Throttle) != 0
        ? _limits.Breakers.ThrottledOrdersPerSecond
        : _limits.MaxOrdersPerSecond;

    public void StartDay() => TradesToday = 0;

    /// <summary>An order was approved for a signal.</summary>
    public void CountTrade() => TradesToday++;

    /// <summary>An order was approved, an operator's included.</summary>
    public void CountOrder(long timeNs) => _orderRate.Add(timeNs);

    /// <summary>
    /// Writes the whole verdict but for the judgement: where the order leads to with all that is pending on its side
    /// filled. Should the other side be filled instead, that was judged when it was approved.
    /// </summary>
    public void Project(ref PipelineEvent e, in OrderFrame frame, int quantity)
    {
        var projected = frame.ProjectedBy(quantity);
        var valueE6 = frame.ValueE6(projected);
        ref var verdict = ref e.Verdict;
        verdict = default;
        verdict.ProjectedPosition = (int)Math.Clamp(projected, int.MinValue, int.MaxValue);
        verdict.TradesToday = TradesToday;
        verdict.ProjectedNotionalE6 = frame.OthersNotionalE6 + Math.Abs(valueE6);
        verdict.ProjectedMarginE6 = frame.MarginE6(projected);
        verdict.ProjectedVar = _table.VarOfDeviation * Math.Sqrt(frame.Marginal.VarianceAt(valueE6 * 1e-6));
        verdict.SectorShare = (float)ShareOf(frame.SectorNotionalE6 + Math.Abs(valueE6), frame.EquityE6);
        verdict.OpenPositions = (byte)_exposure.OpenPositionsWith(e.Header.InstrumentIndex, projected);
        verdict.Reducing = frame.IsReducing(quantity) ? (byte)1 : (byte)0;
    }

    /// <summary>What every order is held against, whichever way it goes and however large it is.</summary>
    public RiskViolations JudgeGates(ref PipelineEvent e)
    {
        ref readonly var risk = ref _exposure[e.Header.InstrumentIndex];
        ref var verdict = ref e.Verdict;
        var timeNs = e.Header.TimeNs;
        var marketAgeNs = timeNs - risk.MarketTimeNs;
        verdict.OrdersInSecond = _orderRate.CountAt(timeNs);
        verdict.MarketAgeMs = (float)(marketAgeNs * 1e-6);

        var violations = risk.IsClosing ? RiskViolations.Closing : RiskViolations.None;
        if (risk.MarkPriceE9 <= 0)
            violations |= RiskViolations.NoMarket;
        if (marketAgeNs > _table.MaxMarketAgeNs)
            violations |= RiskViolations.StaleMarket;
        if (_limits.RefuseCrossedMarket && SignalFigures.IsCrossed(in e))
            violations |= RiskViolations.CrossedMarket;
        if (!(SignalFigures.CollarDistance(in e) <= _limits.PriceCollar))
            violations |= RiskViolations.PriceCollar;
        if (SignalFigures.AgeNs(in e) > _table.MaxSignalAgeNs)
            violations |= RiskViolations.StaleSignal;
        if (e.Signal.Standing == SignalStanding.Forgotten)
            violations |= RiskViolations.ForgottenSignal;
        if (_exposure.Orders.IsFull)
            violations |= RiskViolations.VenueFailing;
        if (verdict.OrdersInSecond >= OrdersPerSecond)
            violations |= RiskViolations.OrderRate;
        return violations;
    }

    /// <summary>What only orders that do not take risk off are held against, however large they are.</summary>
    public RiskViolations JudgeAddedRisk(ref readonly PipelineEvent e)
    {
        var violations = _watch.IsKilled ? RiskViolations.KillSwitch : RiskViolations.None;
        if (_watch.IsEntryStopped(e.Header.InstrumentIndex))
            violations |= RiskViolations.EntriesStopped;
        if (_watch.IsJournalDegraded)
            violations |= RiskViolations.JournalDegraded;
        if (_watch.IsReconciling)
            violations |= RiskViolations.Reconciling;
        if (e.Portfolio.DailyDrawdown > _limits.MaxDailyDrawdown)
            violations |= RiskViolations.DailyDrawdown;
        if (e.Portfolio.WeeklyDrawdown > _limits.MaxWeeklyDrawdown)
            violations |= RiskViolations.WeeklyDrawdown;
        if (TradesToday >= _limits.MaxDailyTrades)
            violations |= RiskViolations.DailyTradeCount;
        if (_watch.Breakers.IsPaused(e.Decision.Strategy))
            violations |= RiskViolations.PausedStrategy;
        if ((_watch.Breakers.Responses & RiskWatch.VenueResponses) != 0)
            violations |= RiskViolations.VenueFailing;
        return violations;
    }

    /// <summary>All that an order of a size breaks.</summary>
    /// <param name="e">The decision; the figures of its own size are written into the verdict.</param>
    /// <param name="frame">Of the order.</param>
    /// <param name="gates">Broken by any order.</param>
    /// <param name="added">Broken by any order that does not take risk off.</param>
    /// <param name="quantity">Contracts.</param>
    public RiskViolations JudgeSize(
        ref PipelineEvent e, in OrderFrame frame, RiskViolations gates, RiskViolations added, int quantity)
    {
        var violations = gates;
        if (quantity > _limits.MaxOrderSize)
            violations |= RiskViolations.OrderSize;
        if (quantity < _limits.MinOrderSize && frame.ProjectedBy(quantity) != 0)
            violations |= RiskViolations.MinimumOrderSize;
        if (frame.ValueE6(quantity) > _table.MaxOrderValueE6)
            violations |= RiskViolations.OrderValue;
        if (frame.IsReducing(quantity))
            return violations;

        var index = e.Header.InstrumentIndex;
        var shortfall = _exposure.HistoricalShortfall(index, frame, quantity);
        if (quantity == e.Decision.Quantity)
            WriteShortfallAndCorrelation(ref e, frame, shortfall, quantity);
        return violations | added | JudgeValue(frame, quantity) | JudgeRisk(frame, shortfall, quantity)
            | JudgeHeldTogether(index, frame.ProjectedBy(quantity));
    }

    /// <summary>
    /// The largest smaller size that keeps every limit, or 0. Those that add risk need not begin at the smallest, for a
    /// large order can be a hedge where a small one is none; but each limit lets one row of them pass, and so do all.
    /// </summary>
    public int LargestAdmissible(ref PipelineEvent e, in OrderFrame frame, RiskViolations added, int quantity)
    {
        var room = _limits.MaxPosition - frame.Sign * frame.ProjectedBy(0);
        var cap = Math.Max(room, Math.Abs((long)frame.Position));
        var most = (int)Math.Min(Math.Min(quantity - 1L, _limits.MaxOrderSize), cap);
        var mostReducing = (int)Math.Min(most, frame.MostReducing);
        var judge = new SizeJudge(this, ref e, in frame, added);
        var size = added == RiskViolations.None
            ? SizeSearch.Largest(Math.Max(mostReducing + 1, _limits.MinOrderSize), most, judge)
            : 0;
        if (size > 0 || mostReducing <= 0)
            return size;

        // What closes a position may be smaller than any other order.
        return SizeSearch.Largest(Math.Min(mostReducing, _limits.MinOrderSize), mostReducing, judge);
    }

    /// <summary>Other limits are in force from the next event on.</summary>
    public void SetLimits(RiskLimits limits)
    {
        _limits = limits;
        _table = new LimitTable(limits, _varModel);
    }

    public void Transfer(StateStream state)
    {
        _orderRate.Transfer(state);
        TradesToday = state.Next(TradesToday);
    }

    private RiskViolations JudgeValue(in OrderFrame frame, int quantity)
    {
        var projected = frame.ProjectedBy(quantity);
        var valueE6 = Math.Abs(frame.ValueE6(projected));
        var violations = RiskViolations.None;
        if (Math.Abs(projected) > _limits.MaxPosition)
            violations |= RiskViolations.Position;
        if (frame.OthersNotionalE6 + valueE6 > _table.MaxNotionalE6)
            violations |= RiskViolations.Notional;
        if (valueE6 > _limits.MaxPositionShare * frame.EquityE6)
            violations |= RiskViolations.PositionShare;
        if (frame.SectorNotionalE6 + valueE6 > _limits.MaxSectorShare * frame.EquityE6)
            violations |= RiskViolations.SectorShare;
        if (frame.MarginE6(projected) > _limits.MaxMarginShare * frame.EquityE6)
            violations |= RiskViolations.InitialMargin;
        return violations;
    }

    private RiskViolations JudgeRisk(in OrderFrame frame, double shortfall, int quantity)
    {
        var exposure = frame.ValueE6(frame.ProjectedBy(quantity)) * 1e-6;
        var deviation = Math.Sqrt(frame.Marginal.VarianceAt(exposure));
        var valueAtRisk = _table.VarOfDeviation * deviation;
        var maxShortfall = _table.ShortfallShares[(int)_watch.Regime] * (frame.EquityE6 * 1e-6);
        var violations = RiskViolations.None;
        if (valueAtRisk > _limits.MaxDailyVar)
            violations |= RiskViolations.DailyVar;
        if (valueAtRisk * _table.WeekOfDay > _limits.MaxWeeklyVar)
            violations |= RiskViolations.WeeklyVar;
        if (_table.ShortfallOfDeviation * deviation > maxShortfall)
            violations |= RiskViolations.ParametricShortfall;
        if (_exposure.HasScenarios && shortfall > maxShortfall)
            violations |= RiskViolations.HistoricalShortfall;
        return violations;
    }

    /// <summary>The limits on what is held at the same time.</summary>
    private RiskViolations JudgeHeldTogether(int index, long projected)
    {
        var violations = RiskViolations.None;
        if (_exposure.OpenPositionsWith(index, projected) > _limits.MaxOpenPositions)
            violations |= RiskViolations.OpenPositions;
        if (TooCloseTo(index, projected) != 0)
            violations |= RiskViolations.Correlation;
        return violations;
    }

    /// <summary>Instruments held, or about to be, that would move with this position: a bit each.</summary>
    private ulong TooCloseTo(int index, long projected)
    {
        var isLong = projected > 0;
        var same = isLong ? _exposure.MayBeLong : _exposure.MayBeShort;
        var other = isLong ? _exposure.MayBeShort : _exposure.MayBeLong;
        return (_table.SameSide[index] & same) | (_table.OtherSide[index] & other);
    }

    private void WriteShortfallAndCorrelation(
        ref PipelineEvent e, in OrderFrame frame, double shortfall, int quantity)
    {
        e.Verdict.HistoricalShortfall = (float)ShareOf(shortfall * 1e6, frame.EquityE6);
        var projected = frame.ProjectedBy(quantity);
        var index = e.Header.InstrumentIndex;
        for (var close = TooCloseTo(index, projected); close != 0; close &= close - 1)
        {
            var other = BitOperations.TrailingZeroCount(close);
            var isLong = (_exposure.MayBeLong >> other & 1) != 0;
            var isShort = (_exposure.MayBeShort >> other & 1) != 0;
            if (projected > 0 ? isLong : isShort)
                RaiseCorrelation(ref e.Verdict, index, other, isSameSide: true);
            if (projected > 0 ? isShort : isLong)
                RaiseCorrelation(ref e.Verdict, index, other, isSameSide: false);
        }
    }

    private void RaiseCorrelation(ref RiskVerdict verdict, int first, int second, bool isSameSide) =>
        verdict.Correlation = Math.Max(verdict.Correlation, (float)_varModel.CoMovement(first, second, isSameSide));

    /// <summary>A share of no equity is boundless.</summary>
    private static double ShareOf(double amountE6, long equityE6)
    {
        if (equityE6 > 0)
            return amountE6 / equityE6;

        return amountE6 > 0 ? double.PositiveInfinity : 0;
    }

    private readonly ref struct SizeJudge(
        PreTradeLimits limits, ref PipelineEvent e, ref readonly OrderFrame frame, RiskViolations added) : ISizeJudge
    {
        private readonly ref PipelineEvent _e = ref e;
        private readonly ref readonly OrderFrame _frame = ref frame;

        public bool IsAdmissible(int size) =>
            limits.JudgeSize(ref _e, in _frame, RiskViolations.None, added, size) == RiskViolations.None;
    }
}
