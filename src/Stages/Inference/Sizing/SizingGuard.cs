using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Quant;

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

/// <summary>The bound that the Kelly criterion sets to what the policy chooses.</summary>
public sealed class SizingGuardOptions
{
    /// <summary>Whether sizes are held against it. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How a signal's edge is weighed.</summary>
    public KellyOptions Kelly { get; init; } = new();

    /// <summary>The largest share of equity that a trade's stop may lose, (0, 1]. Default 0.02.</summary>
    public double MaxFraction { get; init; } = KellySizing.DefaultMaxFraction;

    /// <summary>The largest trade in contracts, at least 1. Default 5.</summary>
    public int MaxContracts { get; init; } = KellySizing.DefaultMaxContracts;

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        Kelly.Validate();
        KellyOptions.Require(MaxFraction is > 0 and <= 1, nameof(MaxFraction), "in (0, 1]");
        KellyOptions.Require(MaxContracts >= 1, nameof(MaxContracts), "at least 1");
    }
}

/// <summary>
/// The modified Kelly fraction of a signal: c ((b p - q) / b - lambda sigma^2), with transaction costs in b and the
/// multiplier c. Source: requirement document, section 2.2.1 and appendix A.1.
/// </summary>
internal sealed class KellyEdge
{
    private const double BasisPoint = 1e-4;

    /// <summary>
    /// Bars of a minute in a trading day of 6.5 hours: volatility grows with the square root of time.
    /// </summary>
    private const double MinutesPerDay = 390.0;

    /// <summary>A stop of 1.5 ATR, with an ATR of 1.6 standard deviations of a minute.</summary>
    private const double StopInDeviations = 1.5 * 1.6;

    private readonly KellyOptions _options;

    public KellyEdge(KellyOptions options) => _options = options;

    /// <summary>
    /// The share of equity that the edge is worth; 0 or less: none. Costs are counted in units of what a stop loses:
    /// they lessen each win and deepen each loss.
    /// </summary>
    public double Fraction(ref readonly ContextFeatures features)
    {
        var volatility = Math.Clamp(features[Feature.PriceVolatility1Min], 0.0, 1.0);
        var spreadBps = Math.Max(0.0, features[Feature.BidAskSpreadBps]);
        var stop = Math.Max(volatility * StopInDeviations, _options.StopDistanceMinBps * BasisPoint);
        var cost = (spreadBps + _options.FeesBps) * BasisPoint / stop;
        var synergy = Math.Clamp(features[Feature.SynergyStrength], 0.0, 1.0) * 2.0 - 1.0;
        var payoff = _options.PayoffRatio + _options.SynergyPayoffRange * synergy;
        var confidence = Math.Clamp(features[Feature.DecisionConfidence], 0.0, 1.0);
        var fraction = KellySizing.Fraction(confidence, (payoff - cost) / (1.0 + cost));
        var penalty = _options.RiskAversion * volatility * volatility * MinutesPerDay;
        return _options.Multiplier * (fraction - penalty);
    }
}

/// <summary>How a signal's edge becomes a share of equity. Defaults are the requirement document's where it has one.
/// </summary>
public sealed class KellyOptions
{
    /// <summary>Share of the Kelly fraction that is used, (0, 1]. Default 0.25 (appendix B.1).</summary>
    public double Multiplier { get; init; } = 0.25;

    /// <summary>Lambda of the variance penalty, at least 0. Default 2 (section 2.2.1).</summary>
    public double RiskAversion { get; init; } = KellySizing.DefaultRiskAversion;

    /// <summary>Average win over average loss at middling synergy, positive. Default 1.5.</summary>
    public double PayoffRatio { get; init; } = 1.5;

    /// <summary>How far full or no synergy moves the payoff ratio, [0, payoff ratio). Default 0.25.</summary>
    public double SynergyPayoffRange { get; init; } = 0.25;

    /// <summary>
    /// Fees of a round trip in basis points of notional, at least 0. Default 0.32: 7.60 USD on ES at 4800.
    /// </summary>
    public double FeesBps { get; init; } = 0.32;

    /// <summary>
    /// Smallest stop distance that costs are weighed against, in basis points. Default 4: 2 points of ES.
    /// </summary>
    public double StopDistanceMinBps { get; init; } = 4.0;

    /// <exception cref="ArgumentException">A parameter is out of its range; the message says what to set.</exception>
    public void Validate()
    {
        Require(Multiplier is > 0 and <= 1, nameof(Multiplier), "in (0, 1]");
        Require(RiskAversion is >= 0 and <= 1000, nameof(RiskAversion), "in [0, 1000]");
        Require(PayoffRatio is > 0 and <= 100, nameof(PayoffRatio), "in (0, 100]");
        Require(SynergyPayoffRange >= 0 && SynergyPayoffRange < PayoffRatio,
            nameof(SynergyPayoffRange), "at least 0 and below PayoffRatio");
        Require(FeesBps is >= 0 and <= 1000, nameof(FeesBps), "in [0, 1000]");
        Require(StopDistanceMinBps is > 0 and <= 10_000, nameof(StopDistanceMinBps), "in (0, 10000]");
    }

    internal static void Require(bool isMet, string name, string range)
    {
        if (!isMet) throw new ArgumentException($"{name} must be {range}");
    }
}
