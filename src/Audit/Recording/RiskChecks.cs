using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Audit.Recording;

/// <summary>One check that an order went through.</summary>
/// <param name="Check">What it looks at.</param>
/// <param name="Limit">NaN where there is no number.</param>
/// <param name="Value">NaN where there is no number.</param>
/// <param name="IsApplied">Whether it concerned this order.</param>
/// <param name="IsPassed">Whether the order kept it.</param>
internal readonly record struct RiskCheck(
    RiskViolations Check, double Limit, double Value, bool IsApplied, bool IsPassed);

/// <summary>The checks of the risk stage, with what each was held against, for the size that was asked for.</summary>
internal sealed class RiskChecks
{
    /// <summary>What an order that only takes risk off is not held against.</summary>
    private const RiskViolations OfAddedRisk = RiskViolations.KillSwitch | RiskViolations.EntriesStopped
        | RiskViolations.DailyDrawdown | RiskViolations.WeeklyDrawdown | RiskViolations.DailyTradeCount
        | RiskViolations.PausedStrategy | RiskViolations.VenueFailing | RiskViolations.Position
        | RiskViolations.Notional | RiskViolations.PositionShare | RiskViolations.SectorShare
        | RiskViolations.InitialMargin | RiskViolations.DailyVar | RiskViolations.WeeklyVar
        | RiskViolations.ParametricShortfall | RiskViolations.HistoricalShortfall | RiskViolations.OpenPositions
        | RiskViolations.Correlation | RiskViolations.JournalDegraded;

    private static readonly RiskViolations[] All =
        [.. Enum.GetValues<RiskViolations>().Where(static one => one != RiskViolations.None)];

    private readonly ViolationFigures _figures;
    private readonly bool _hasHistory;
    private RiskViolations _unused;

    public RiskChecks(PipelineOptions options, ViolationFigures figures)
    {
        _figures = figures;
        _hasHistory = options.ReturnHistory.Count > 0;
        Limits = options.Limits;
        Use(options.Limits);
    }

    /// <summary>What orders are held against.</summary>
    public RiskLimits Limits { get; private set; }

    /// <summary>Holds orders against these from now on. It is asked at every event: the same ones change nothing.
    /// </summary>
    public void SetLimits(RiskLimits limits)
    {
        if (!ReferenceEquals(limits, Limits))
            Use(limits);
    }

    private void Use(RiskLimits limits)
    {
        Limits = limits;
        _figures.SetLimits(limits);
        _unused = RiskViolations.None;
        if (!_hasHistory)
            _unused |= RiskViolations.HistoricalShortfall;
        if (limits.MaxSignalAgeMs == 0)
            _unused |= RiskViolations.StaleSignal;
        if (limits.MaxMarketAgeMs == 0)
            _unused |= RiskViolations.StaleMarket;
        if (!limits.RefuseCrossedMarket)
            _unused |= RiskViolations.CrossedMarket;
    }

    /// <summary>Whether a signal came so far that risk judged it.</summary>
    public static bool IsJudged(in PipelineEvent e) => e.Decision.Side != Side.None && e.Decision.Quantity > 0;

    /// <summary>Every check, in the order of the violations' bits. Of a signal that was judged.</summary>
    public IEnumerable<RiskCheck> Of(PipelineEvent e)
    {
        var broken = e.Verdict.Violations;
        var isReducing = e.Verdict.Reducing != 0 && (broken & OfAddedRisk) == 0;
        foreach (var check in All)
        {
            var isApplied = (_unused & check) == 0 && !(isReducing && (OfAddedRisk & check) != 0);
            var isPassed = (broken & check) == 0;
            var (limit, value) = isApplied ? FiguresOf(in e, check, isPassed) : (double.NaN, double.NaN);
            yield return new RiskCheck(check, limit, value, isApplied, isPassed);
        }
    }

    /// <summary>Limit and value of one that was broken.</summary>
    public (double Limit, double Value) OfViolation(in PipelineEvent e, RiskViolations violation) =>
        FiguresOf(in e, violation, isPassed: false);

    private (double Limit, double Value) FiguresOf(in PipelineEvent e, RiskViolations check, bool isPassed)
    {
        var (limit, value) = _figures.Of(in e, check);
        return check switch
        {
            // The verdict of an approved order counts it already.
            RiskViolations.DailyTradeCount when e.Verdict.ApprovedQuantity > 0 => (limit, e.Verdict.TradesToday),
            // The verdict tells of a co-movement that is too strong, and of no other.
            RiskViolations.Correlation when isPassed => (limit, double.NaN),
            _ => (limit, value),
        };
    }
}
