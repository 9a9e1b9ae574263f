using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>A signal's order against the limits.</summary>
public sealed partial class RiskStage
{
    private void OnDecision(ref PipelineEvent e, ref InstrumentRisk risk)
    {
        var index = e.Header.InstrumentIndex;
        var quantity = e.Decision.Side == Side.None ? 0 : Math.Max(0, e.Decision.Quantity);
        var signed = e.Decision.Side == Side.Buy ? quantity : -quantity;
        Project(ref e, ref risk, signed);
        if (quantity == 0)
            return;

        ref var verdict = ref e.Verdict;
        verdict.Violations = Judge(ref e, risk, quantity);
        if (verdict.Violations != RiskViolations.None)
        {
            Refused++;
            return;
        }

        Approved++;
        _tradesToday++;
        verdict.ApprovedQuantity = quantity;
        verdict.TradesToday = _tradesToday;
        Pend(index, ref risk, signed);
    }

    /// <summary>
    /// Writes the whole verdict but for the judgement: where the order leads to with all that is pending on its side
    /// filled. Should the other side be filled instead, that was judged when it was approved.
    /// </summary>
    private void Project(ref PipelineEvent e, ref InstrumentRisk risk, int signed)
    {
        var index = e.Header.InstrumentIndex;
        var instrument = _instruments[index];
        var buys = signed >= 0 ? risk.PendingBuy : 0;
        var sales = signed <= 0 ? risk.PendingSell : 0;
        var pending = buys - sales;
        var projected = (long)risk.Position + pending + signed;

        ref var verdict = ref e.Verdict;
        verdict = default;
        verdict.ProjectedPosition = (int)Math.Clamp(projected, int.MinValue, int.MaxValue);
        verdict.TradesToday = _tradesToday;
        verdict.ProjectedNotionalE6 =
            _grossNotionalE6 - risk.NotionalE6 + instrument.ValueE6(risk.MarkPriceE9, Math.Abs(projected));
        verdict.ProjectedVar = ProjectedVar(index, instrument.ValueE6(risk.MarkPriceE9, projected) * 1e-6);
        verdict.DailyDrawdown = e.Portfolio.DailyDrawdown;
        verdict.KillSwitch = IsKilled ? (byte)1 : (byte)0;
        verdict.Reducing = IsReducing(risk.Position, pending, signed) ? (byte)1 : (byte)0;
    }

    /// <summary>VaR with one instrument's exposure replaced and the others' orders filled.</summary>
    private double ProjectedVar(int index, double exposure)
    {
        var held = _exposures[index];
        _exposures[index] = exposure;
        var projected = _varModel.DailyVar(_exposures);
        _exposures[index] = held;
        return projected;
    }

    private RiskViolations Judge(ref PipelineEvent e, in InstrumentRisk risk, int quantity)
    {
        ref readonly var verdict = ref e.Verdict;
        var isReducing = verdict.Reducing != 0;
        var violations = RiskViolations.None;
        if ((IsKilled || risk.IsClosing) && !(isReducing && _isReducingFree))
            violations |= RiskViolations.KillSwitch;
        if (quantity > _maxOrderSize)
            violations |= RiskViolations.OrderSize;
        if (risk.MarkPriceE9 <= 0)
            violations |= RiskViolations.NoMarket;

        return isReducing ? violations : violations | JudgeLimits(verdict);
    }

    /// <summary>The limits that an order which takes risk off passes even when they are exceeded already.</summary>
    private RiskViolations JudgeLimits(in RiskVerdict verdict)
    {
        var violations = RiskViolations.None;
        if (Math.Abs((long)verdict.ProjectedPosition) > _maxPosition)
            violations |= RiskViolations.Position;
        if (verdict.ProjectedNotionalE6 > _maxNotionalE6)
            violations |= RiskViolations.Notional;
        if (verdict.ProjectedVar > _maxDailyVar)
            violations |= RiskViolations.DailyVar;
        if (verdict.DailyDrawdown > _maxDailyDrawdown)
            violations |= RiskViolations.DailyDrawdown;
        if (_tradesToday >= _maxDailyTrades)
            violations |= RiskViolations.DailyTradeCount;
        return violations;
    }

    /// <summary>Whether the order, with all that is pending on its side, leaves less of the position.</summary>
    private static bool IsReducing(int position, int pending, int signed)
    {
        if (position == 0 || signed == 0 || (position > 0) == (signed > 0))
            return false;

        return Math.Abs((long)signed + pending) <= Math.Abs((long)position);
    }
}
