using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Algorithms;

/// <summary>
/// ADAPTIVE: chooses by the market's regime when an order begins. The shortfall's schedule where the market trends, is
/// calm or recovers; many small slices where it is in a crisis or wild without a trend, to leave less of a trace; else
/// equal slices.
/// </summary>
public sealed class AdaptiveAlgorithm : ExecutionAlgorithm
{
    private readonly ImplementationShortfallAlgorithm _shortfall;
    private readonly TwapAlgorithm _evenSlices;
    private readonly TwapAlgorithm _smallSlices;

    /// <param name="options">Validated.</param>
    public AdaptiveAlgorithm(ExecutionOptions options)
    {
        _shortfall = new ImplementationShortfallAlgorithm(options);
        _evenSlices = new TwapAlgorithm(options);
        _smallSlices = new TwapAlgorithm(options, options.Adaptive.CrisisSliceCount);
    }

    public override void Plan(ref ParentOrder parent, in MarketView market) =>
        ChoiceFor(market.Regime).Plan(ref parent, market);

    /// <summary>What was chosen reacts; a TWAP's slices are the parent's.</summary>
    public override ChildTarget React(ref ParentOrder parent, in MarketView market, in ChildState child) =>
        parent.Algorithm == AlgorithmKind.ImplementationShortfall
            ? _shortfall.React(ref parent, market, child)
            : _evenSlices.React(ref parent, market, child);

    private ExecutionAlgorithm ChoiceFor(MarketRegime regime) => regime switch
    {
        MarketRegime.BullTrending or MarketRegime.BearTrending => _shortfall,
        MarketRegime.SidewaysLow or MarketRegime.Recovery => _shortfall,
        MarketRegime.Crisis or MarketRegime.SidewaysHigh => _smallSlices,
        _ => _evenSlices,
    };
}
