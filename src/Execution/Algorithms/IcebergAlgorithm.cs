using ExecutionPipeline.Execution.Orders;

namespace ExecutionPipeline.Execution.Algorithms;

/// <summary>
/// ICEBERG: rests at the near touch and shows a peak of the order, never less than one contract. When little of the
/// peak is left, the next one is shown. What is not executed when its time is over, or when the market runs away,
/// crosses the spread.
/// </summary>
public sealed class IcebergAlgorithm : ExecutionAlgorithm
{
    private const long SecondNs = 1_000_000_000;

    /// <summary>So that a tenth of 30 contracts is 3, however the tenth is rounded.</summary>
    private const double RoundingError = 1e-9;

    private readonly IcebergOptions _options;
    private readonly TooDearAction _onTooDear;
    private readonly double _runawayShare;
    private readonly SliceRandomness _random;

    /// <param name="options">Validated.</param>
    public IcebergAlgorithm(ExecutionOptions options)
    {
        _options = options.Iceberg;
        _onTooDear = options.OnTooDear;
        _runawayShare = options.RunawayShare;
        _random = new SliceRandomness(options.Seed, options.TimeRandomisation, options.SizeRandomisation);
    }

    public override void Plan(ref ParentOrder parent, in MarketView market)
    {
        var endNs = parent.StartNs + _options.DurationSeconds * SecondNs;
        parent.Algorithm = AlgorithmKind.Iceberg;
        parent.EndNs = parent.EndNs > parent.StartNs ? Math.Min(parent.EndNs, endNs) : endNs;
        parent.Slice = 0;
        parent.SliceTarget = 0;
    }

    public override ChildTarget React(ref ParentOrder parent, in MarketView market, in ChildState child)
    {
        if (parent.Remaining <= 0)
            return Placement.Done;
        if (market.TimeNs >= parent.EndNs)
            return Placement.Cross(parent, market, parent.Remaining, wakeNs: 0, _onTooDear);

        if (Placement.IsRunningAway(parent, market, _runawayShare))
            return Placement.Cross(parent, market, parent.Remaining, parent.EndNs, _onTooDear);

        var shown = parent.SliceTarget - parent.Executed;
        if (shown <= Threshold(parent))
        {
            shown = NextPeak(parent);
            parent.Slice++;
            parent.SliceTarget = parent.Executed + shown;
        }

        return Placement.Rest(parent, market, Math.Min(shown, parent.Remaining), parent.EndNs);
    }

    /// <summary>
    /// A peak that is not above the threshold would be followed by another one as soon as the algorithm is asked again,
    /// and the order would lose its place in the queue.
    /// </summary>
    private int NextPeak(in ParentOrder parent)
    {
        var size = Size(parent);
        var shifted = size + _random.ShiftPeak(parent.ParentId, parent.Slice, size);
        return Math.Min(Math.Max(shifted, Threshold(parent) + 1), parent.Remaining);
    }

    /// <summary>Contracts of a peak that no chance has changed.</summary>
    private int Size(in ParentOrder parent) => Math.Max(1, Contracts(parent, _options.DisplaySizePct));

    /// <summary>With so many contracts left the next peak is shown: fewer than a peak, however they round.</summary>
    private int Threshold(in ParentOrder parent) =>
        Math.Min(Contracts(parent, _options.ReplenishThresholdPct), Size(parent) - 1);

    private static int Contracts(in ParentOrder parent, double share) => (int)(parent.Quantity * share + RoundingError);
}
