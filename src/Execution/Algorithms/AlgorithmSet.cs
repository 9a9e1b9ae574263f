using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Algorithms;

/// <summary>One of each algorithm, and which strategy is executed by which.</summary>
public sealed class AlgorithmSet
{
    /// <summary>Slippage is counted in thousandths of a basis point, so that prices stay whole.</summary>
    private const int ThousandthsPerBp = 1_000;

    private const int BpsPerWhole = 10_000;

    private readonly ExecutionAlgorithm[] _byStrategy;
    private readonly ExecutionAlgorithm[] _byKind;
    private readonly long[] _maxSlippage;

    /// <param name="options">What is configured.</param>
    /// <param name="curves">The volume's usual course for each instrument, by its index; null: even.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public AlgorithmSet(ExecutionOptions options, IReadOnlyList<IVolumeCurve>? curves = null)
    {
        options.Validate();
        _byKind =
        [
            new ImmediateAlgorithm(),
            new TwapAlgorithm(options),
            new VwapAlgorithm(options, curves ?? []),
            new IcebergAlgorithm(options),
            new ImplementationShortfallAlgorithm(options),
        ];
        ExecutionAlgorithm[] own = [.. _byKind, new AdaptiveAlgorithm(options)];
        _byStrategy = [.. StrategyNames.All.Select(name => own[(int)ReplacementOf(options, name)])];
        _maxSlippage = [.. StrategyNames.All.Select(name => MaxSlippageOf(options, ReplacementOf(options, name)))];
    }

    /// <summary>Lays out the schedule of a new parent by its strategy.</summary>
    public void Plan(ref ParentOrder parent, in MarketView market) =>
        _byStrategy[(int)parent.Strategy].Plan(ref parent, market);

    /// <summary>What should be at the venue for a parent that was planned.</summary>
    public ChildTarget React(ref ParentOrder parent, in MarketView market, in ChildState child) =>
        _byKind[(int)parent.Algorithm].React(ref parent, market, child);

    /// <summary>
    /// The worst price that a strategy may trade at: the arrival price and its largest slippage, on the tick that is
    /// not beyond it. 0: any, where no largest slippage is configured or there is no arrival price.
    /// </summary>
    public long LimitPriceE9(ExecutionStrategy strategy, Side side, long arrivalPriceE9, Instrument instrument)
    {
        var slippage = _maxSlippage[(int)strategy];
        if (slippage == 0 || arrivalPriceE9 <= 0)
            return 0;

        var distanceE9 = (long)((Int128)arrivalPriceE9 * slippage / (ThousandthsPerBp * BpsPerWhole));
        var tickE9 = instrument.TickSizeE9;
        var ticks = side == Side.Buy
            ? (arrivalPriceE9 + distanceE9) / tickE9
            : (arrivalPriceE9 - distanceE9 + tickE9 - 1) / tickE9;
        return Math.Max(1, ticks) * tickE9;
    }

    private static long MaxSlippageOf(ExecutionOptions options, ExecutionStrategy strategy) =>
        (long)Math.Round(options.MaxSlippageBpsOf(strategy) * ThousandthsPerBp);

    private static ExecutionStrategy ReplacementOf(ExecutionOptions options, string name)
    {
        StrategyNames.TryParse(name, out var strategy);
        foreach (var (replaced, by) in options.Replace)
        {
            if (StrategyNames.TryParse(replaced, out var from) && from == strategy
                && StrategyNames.TryParse(by, out var replacement))
                return replacement;
        }

        return strategy;
    }
}
