using System.Numerics;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>The limits that an order's size decides about.</summary>
public sealed partial class RiskStage
{
    private OrderFrame FrameOf(ref PipelineEvent e, in InstrumentRisk risk, int sign)
    {
        var index = e.Header.InstrumentIndex;
        var buys = sign >= 0 ? risk.PendingBuy : 0;
        var sales = sign <= 0 ? risk.PendingSell : 0;
        return new OrderFrame
        {
            Instrument = _instruments[index],
            Sign = sign,
            Position = risk.Position,
            Pending = buys - sales,
            MarkPriceE9 = risk.MarkPriceE9,
            OthersNotionalE6 = _grossNotionalE6 - risk.NotionalE6,
            SectorNotionalE6 = _sectorNotionalE6[_sectors[index]] - risk.NotionalE6,
            OthersMarginE6 = _marginE6 - risk.MarginE6,
            EquityE6 = e.Portfolio.EquityE6,
            Marginal = _exposures.Marginal(index),
        };
    }

    /// <summary>
    /// Writes the whole verdict but for the judgement: where the order leads to with all that is pending on its side
    /// filled. Should the other side be filled instead, that was judged when it was approved.
    /// </summary>
    private void Project(ref PipelineEvent e, in OrderFrame frame, int quantity)
    {
        var projected = frame.ProjectedBy(quantity);
        var valueE6 = frame.ValueE6(projected);
        ref var verdict = ref e.Verdict;
        verdict = default;
        verdict.ProjectedPosition = (int)Math.Clamp(projected, int.MinValue, int.MaxValue);
        verdict.TradesToday = _tradesToday;
        verdict.ProjectedNotionalE6 = frame.OthersNotionalE6 + Math.Abs(valueE6);
        verdict.ProjectedMarginE6 = frame.MarginE6(projected);
        verdict.ProjectedVar = _table.VarOfDeviation * Math.Sqrt(frame.Marginal.VarianceAt(valueE6 * 1e-6));
        verdict.SectorShare = (float)ShareOf(frame.SectorNotionalE6 + Math.Abs(valueE6), frame.EquityE6);
        verdict.OpenPositions = (byte)OpenPositionsWith(e.Header.InstrumentIndex, projected);
        verdict.Reducing = frame.IsReducing(quantity) ? (byte)1 : (byte)0;
    }

    private RiskViolations JudgeSize(
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

        var shortfall = HistoricalShortfall(ref e, frame, quantity);
        if (quantity == e.Decision.Quantity)
            NoteFigures(ref e, frame, shortfall, quantity);
        return violations | added | JudgeValue(frame, quantity) | JudgeRisk(frame, shortfall, quantity)
            | JudgeCompany(e.Header.InstrumentIndex, frame.ProjectedBy(quantity));
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
        var maxShortfall = _table.ShortfallShares[(int)Regime] * (frame.EquityE6 * 1e-6);
        var violations = RiskViolations.None;
        if (valueAtRisk > _limits.MaxDailyVar)
            violations |= RiskViolations.DailyVar;
        if (valueAtRisk * _table.WeekOfDay > _limits.MaxWeeklyVar)
            violations |= RiskViolations.WeeklyVar;
        if (_table.ShortfallOfDeviation * deviation > maxShortfall)
            violations |= RiskViolations.ParametricShortfall;
        if (_scenarios.HasDays && shortfall > maxShortfall)
            violations |= RiskViolations.HistoricalShortfall;
        return violations;
    }

    /// <summary>The limits on what is held beside each other.</summary>
    private RiskViolations JudgeCompany(int index, long projected)
    {
        var violations = RiskViolations.None;
        if (OpenPositionsWith(index, projected) > _limits.MaxOpenPositions)
            violations |= RiskViolations.OpenPositions;
        if (TooCloseTo(index, projected) != 0)
            violations |= RiskViolations.Correlation;
        return violations;
    }

    private int OpenPositionsWith(int index, long projected)
    {
        var bit = 1UL << index;
        var open = _mayBeLong | _mayBeShort;
        return BitOperations.PopCount(projected != 0 ? open | bit : open & ~bit);
    }

    /// <summary>Instruments held, or about to be, that would move with this position: a bit each.</summary>
    private ulong TooCloseTo(int index, long projected)
    {
        var (same, other) = projected > 0 ? (_mayBeLong, _mayBeShort) : (_mayBeShort, _mayBeLong);
        return (_table.SameSide[index] & same) | (_table.OtherSide[index] & other);
    }

    private double HistoricalShortfall(ref PipelineEvent e, in OrderFrame frame, int quantity) =>
        _scenarios.HasDays
            ? _scenarios.ShortfallWith(
                e.Header.InstrumentIndex, frame.ValueE6(frame.ProjectedBy(quantity)) * 1e-6)
            : 0;

    private void NoteFigures(ref PipelineEvent e, in OrderFrame frame, double shortfall, int quantity)
    {
        e.Verdict.HistoricalShortfall = (float)ShareOf(shortfall * 1e6, frame.EquityE6);
        var projected = frame.ProjectedBy(quantity);
        var index = e.Header.InstrumentIndex;
        for (var close = TooCloseTo(index, projected); close != 0; close &= close - 1)
        {
            var other = BitOperations.TrailingZeroCount(close);
            var isLong = (_mayBeLong >> other & 1) != 0;
            var isShort = (_mayBeShort >> other & 1) != 0;
            if (projected > 0 ? isLong : isShort)
                NoteCorrelation(ref e.Verdict, index, other, isSameSide: true);
            if (projected > 0 ? isShort : isLong)
                NoteCorrelation(ref e.Verdict, index, other, isSameSide: false);
        }
    }

    private void NoteCorrelation(ref RiskVerdict verdict, int first, int second, bool isSameSide) =>
        verdict.Correlation = Math.Max(verdict.Correlation, (float)_varModel.CoMovement(first, second, isSameSide));

    /// <summary>
    /// The largest smaller size that keeps every limit, or 0. Sizes are tried downwards from what position, order size
    /// and order value leave, for those that keep the risk limits need not be in one row: a large order can be a
    /// hedge where a small one is none.
    /// </summary>
    private int LargestAdmissible(ref PipelineEvent e, in OrderFrame frame, RiskViolations added, int quantity)
    {
        var room = _limits.MaxPosition - frame.Sign * frame.ProjectedBy(0);
        var cap = Math.Max(room, Math.Abs((long)frame.Position));
        var size = (int)Math.Min(Math.Min(quantity - 1L, _limits.MaxOrderSize), cap);
        while (size > 0 && JudgeSize(ref e, frame, RiskViolations.None, added, size) != RiskViolations.None)
            size--;
        return Math.Max(0, size);
    }

    /// <summary>A share of no equity is boundless.</summary>
    private static double ShareOf(double amountE6, long equityE6)
    {
        if (equityE6 > 0)
            return amountE6 / equityE6;

        return amountE6 > 0 ? double.PositiveInfinity : 0;
    }
}
