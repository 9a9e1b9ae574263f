using ExecutionPipeline.Execution.Orders;

namespace ExecutionPipeline.Execution.Algorithms;

/// <summary>
/// TWAP_5MIN: equal slices over five minutes. What a division leaves over is spread over the slices, the last one
/// included; an order of fewer contracts than slices has a slice for each contract.
/// </summary>
public sealed class TwapAlgorithm : ScheduledAlgorithm
{
    /// <param name="options">Validated.</param>
    /// <param name="slices">Null: as configured.</param>
    public TwapAlgorithm(ExecutionOptions options, int? slices = null)
        : base(options, ScheduleTerms.Of(
            options.Twap.DurationSeconds, slices ?? options.Twap.SliceCount, options.Twap.TargetParticipationRate))
    {
    }

    private protected override AlgorithmKind Kind => AlgorithmKind.Twap;

    private protected override int ScheduledBy(in ParentOrder parent, in MarketView market, int slices) =>
        (int)((long)parent.Quantity * slices / parent.Slices);
}
