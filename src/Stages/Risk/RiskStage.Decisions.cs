using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>A signal's order against the limits: what does not depend on its size, and the verdict.</summary>
public sealed partial class RiskStage
{
    private void OnDecision(ref PipelineEvent e, ref InstrumentRisk risk)
    {
        ref readonly var signal = ref e.Payload.TradeQualified;
        var isNew = _signals.TryAdd(signal.SignalId);
        if (_breakers.TryObserveSignal(e.Header.TimeNs - signal.SendTimeNs, e.Header.TimeNs))
            _changes |= RiskChanges.Breaker;

        var sign = e.Decision.Side switch { Side.Buy => 1, Side.Sell => -1, _ => 0 };
        var quantity = sign == 0 ? 0 : Math.Max(0, e.Decision.Quantity);
        var frame = FrameOf(ref e, risk, sign);
        Project(ref e, frame, quantity);
        if (quantity == 0)
            return;

        var gates = JudgeGates(ref e, risk, isNew);
        var added = JudgeAddedRisk(ref e);
        var violations = JudgeSize(ref e, frame, gates, added, quantity);
        e.Verdict.Violations = violations;
        if (violations == RiskViolations.None)
            Approve(ref e, ref risk, frame, quantity);
        else if (_limits.CutToAdmissibleSize && gates == RiskViolations.None)
            CutOrRefuse(ref e, ref risk, frame, added, quantity);
        else
            Refuse(ref e);
    }

    /// <summary>What every order is held against, whichever way it goes.</summary>
    private RiskViolations JudgeGates(ref PipelineEvent e, in InstrumentRisk risk, bool isNew)
    {
        ref var verdict = ref e.Verdict;
        var timeNs = e.Header.TimeNs;
        var marketAgeNs = timeNs - risk.MarketTimeNs;
        verdict.OrdersInSecond = _orders.CountAt(timeNs);
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
        if (!isNew)
            violations |= RiskViolations.DuplicateSignal;
        if (_pending.IsFull)
            violations |= RiskViolations.VenueFailing;
        if (verdict.OrdersInSecond >= OrdersPerSecond)
            violations |= RiskViolations.OrderRate;
        return violations;
    }

    /// <summary>What only orders that do not take risk off are held against.</summary>
    private RiskViolations JudgeAddedRisk(ref PipelineEvent e)
    {
        var violations = IsKilled ? RiskViolations.KillSwitch : RiskViolations.None;
        if (e.Portfolio.DailyDrawdown > _limits.MaxDailyDrawdown)
            violations |= RiskViolations.DailyDrawdown;
        if (e.Portfolio.WeeklyDrawdown > _limits.MaxWeeklyDrawdown)
            violations |= RiskViolations.WeeklyDrawdown;
        if (_tradesToday >= _limits.MaxDailyTrades)
            violations |= RiskViolations.DailyTradeCount;
        if (_breakers.IsPaused(e.Decision.Strategy))
            violations |= RiskViolations.PausedStrategy;
        if ((_breakers.Responses & VenueResponses) != 0)
            violations |= RiskViolations.VenueFailing;
        return violations;
    }

    private const BreakerResponses VenueResponses =
        BreakerResponses.BackupVenue | BreakerResponses.Reroute | BreakerResponses.HoldOrders;

    private int OrdersPerSecond => (_breakers.Responses & BreakerResponses.Throttle) != 0
        ? _limits.Breakers.ThrottledOrdersPerSecond
        : _limits.MaxOrdersPerSecond;

    private void Approve(ref PipelineEvent e, ref InstrumentRisk risk, in OrderFrame frame, int quantity)
    {
        Approved++;
        _tradesToday++;
        e.Verdict.ApprovedQuantity = quantity;
        e.Verdict.TradesToday = _tradesToday;
        e.Verdict.Reducing = frame.IsReducing(quantity) ? (byte)1 : (byte)0;
        if (e.Verdict.Reducing == 0)
            _breakers.CountProbe();

        Pend(ref e, ref risk, frame.Sign * quantity);
    }

    private void CutOrRefuse(
        ref PipelineEvent e, ref InstrumentRisk risk, in OrderFrame frame, RiskViolations added, int quantity)
    {
        var admissible = LargestAdmissible(ref e, frame, added, quantity);
        if (admissible == 0)
        {
            Refuse(ref e);
            return;
        }

        Cut++;
        Approve(ref e, ref risk, frame, admissible);
    }

    private void Refuse(ref PipelineEvent e)
    {
        Refused++;
        if (_limits.KillSwitch.MaxRefusals == 0)
            return;

        _refusals.Add(e.Header.TimeNs);
        if (_refusals.Count >= _limits.KillSwitch.MaxRefusals)
            Trip(KillCause.RefusalBreach);
    }
}
