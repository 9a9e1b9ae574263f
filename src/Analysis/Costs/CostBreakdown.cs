namespace ExecutionPipeline.Analysis.Costs;

/// <summary>
/// Implementation shortfall and its parts, in 1e-6 of the account's currency; positive is a cost. The parts add up to
/// the whole exactly. Source: Perold, "The implementation shortfall: paper versus reality" (1988), with the executed
/// part divided further at the arrival price, the mid and the touch of each fill.
/// </summary>
/// <param name="DelayE6">What the price moved from the decision to the arrival.</param>
/// <param name="SpreadE6">Half the quoted spread at each fill, paid; negative where it was earned.</param>
/// <param name="ImpactE6">What fills were worse than the touch: the price of taking more than was shown there.</param>
/// <param name="TimingE6">What the mid moved from the arrival to each fill.</param>
/// <param name="OpportunityE6">What the price moved from the decision to the end, on what was not executed.</param>
/// <param name="FeesE6">Commission and fees.</param>
public readonly record struct CostBreakdown(
    long DelayE6, long SpreadE6, long ImpactE6, long TimingE6, long OpportunityE6, long FeesE6)
{
    /// <summary>The parts' names, in their order.</summary>
    public static readonly IReadOnlyList<string> Names = ["delay", "spread", "impact", "timing", "opportunity", "fees"];

    public long TotalE6 => DelayE6 + SpreadE6 + ImpactE6 + TimingE6 + OpportunityE6 + FeesE6;

    /// <summary>In the order of <see cref="Names"/>.</summary>
    public IReadOnlyList<long> PartsE6 => [DelayE6, SpreadE6, ImpactE6, TimingE6, OpportunityE6, FeesE6];

    public static CostBreakdown operator +(CostBreakdown left, CostBreakdown right) => new(
        left.DelayE6 + right.DelayE6,
        left.SpreadE6 + right.SpreadE6,
        left.ImpactE6 + right.ImpactE6,
        left.TimingE6 + right.TimingE6,
        left.OpportunityE6 + right.OpportunityE6,
        left.FeesE6 + right.FeesE6);
}
