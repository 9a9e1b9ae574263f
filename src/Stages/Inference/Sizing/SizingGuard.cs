using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Inference.Sizing;

/// <summary>
/// Makes a decision no larger than its edge is worth: the Kelly share of equity, spent on contracts that each risk the
/// distance to their stop, and no more than a cap. What takes off risk passes, up to the position itself.
/// </summary>
internal sealed class SizingGuard
{
    private const double E9PerE6 = 1_000;

    private readonly InstrumentTable _instruments;
    private readonly KellyEdge _edge;
    private readonly double _maxFraction;
    private readonly int _maxContracts;

    public SizingGuard(InstrumentTable instruments, SizingGuardOptions options)
    {
        _instruments = instruments;
        _edge = new KellyEdge(options.Kelly);
        _maxFraction = options.MaxFraction;
        _maxContracts = options.MaxContracts;
    }

    /// <summary>Cuts the decision's quantity, and says why. Needs its side and stop distance.</summary>
    public void Apply(ref PipelineEvent e)
    {
        ref var decision = ref e.Decision;
        var byEdge = ContractsByEdge(ref e);
        var bound = Math.Max(Math.Min(byEdge, _maxContracts), ReducibleContracts(ref e));
        if (bound >= decision.Quantity)
            return;

        decision.Quantity = bound;
        decision.Cuts = byEdge <= _maxContracts ? SizeCuts.Kelly : SizeCuts.Cap;
    }

    private int ContractsByEdge(ref PipelineEvent e)
    {
        var fraction = Math.Min(_edge.Fraction(in e.Features), _maxFraction);
        if (!(fraction > 0))
            return 0;

        var instrument = _instruments[e.Header.InstrumentIndex];
        double stopE9 = BracketLevels.StopDistanceE9(instrument, e.Portfolio, e.Decision);
        var riskE6 = stopE9 / E9PerE6 * instrument.PointValue;
        var contracts = e.Portfolio.EquityE6 * fraction / riskE6;
        // Without a price the quotient is infinite: that there is no market is for risk to say.
        return contracts >= 1 ? (int)Math.Min(contracts, int.MaxValue) : 0;
    }

    private static int ReducibleContracts(ref PipelineEvent e)
    {
        var position = e.Portfolio.Position;
        var isReducing = e.Decision.Side == (position > 0 ? Side.Sell : Side.Buy);
        return isReducing ? Math.Abs(position) : 0;
    }
}
