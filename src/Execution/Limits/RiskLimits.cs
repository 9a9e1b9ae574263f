using ExecutionPipeline.Execution.Regimes;

namespace ExecutionPipeline.Execution.Limits;

/// <summary>
/// The limits that every order is held against. Money is in the account's currency, fractions are of 1. A limit is kept
/// as long as its value is not above it.
/// </summary>
public sealed record RiskLimits
{
    /// <summary>The greatest <see cref="MaxOrdersPerSecond"/>: the time of each order is kept, in 16 bytes.</summary>
    public const int MostOrders = 10_000_000;

    /// <summary>Largest absolute position of an instrument, in contracts. Default 10.</summary>
    public int MaxPosition { get; init; } = 10;

    /// <summary>Largest sum of absolute position values over all instruments. Default 500,000.</summary>
    public decimal MaxNotional { get; init; } = 500_000m;

    /// <summary>Largest daily value at risk of the whole portfolio. Default 5,000.</summary>
    public double MaxDailyVar { get; init; } = 5_000;

    /// <summary>Largest value at risk over a week, five trading days. Default 15,000.</summary>
    public double MaxWeeklyVar { get; init; } = 15_000;

    /// <summary>Confidence of the value at risk. Default 0.99.</summary>
    public double VarConfidence { get; init; } = 0.99;

    /// <summary>
    /// Whether the value at risk takes the greater of an instrument's configured daily volatility and the exponentially
    /// weighted one of its one-minute closes. Default true.
    /// </summary>
    public bool EstimatesVolatility { get; init; } = true;

    /// <summary>Weight that a minute's variance keeps in the next, (0, 1). Default 0.94.</summary>
    public double VolatilityDecay { get; init; } = 0.94;

    /// <summary>
    /// Largest daily expected shortfall as a share of equity, parametric and historical; the regime's multiplier makes
    /// it smaller. Default 0.032.
    /// </summary>
    public double MaxShortfall { get; init; } = 0.032;

    /// <summary>Confidence of the expected shortfall. Default 0.975.</summary>
    public double ShortfallConfidence { get; init; } = 0.975;

    /// <summary>
    /// Largest fall from the day's peak, or by setting its starting equity, as a fraction of it. Default 0.02.
    /// </summary>
    public double MaxDailyDrawdown { get; init; } = 0.02;

    /// <summary>Largest fall from the trading week's starting equity, as a fraction of it. Default 0.05.</summary>
    public double MaxWeeklyDrawdown { get; init; } = 0.05;

    /// <summary>Largest value of an instrument's position, as a share of equity. Default 0.08.</summary>
    public double MaxPositionShare { get; init; } = 0.08;

    /// <summary>Largest sum of absolute values of a sector's positions, as a share of equity. Default 0.25.</summary>
    public double MaxSectorShare { get; init; } = 0.25;

    /// <summary>
    /// Largest initial margin of positions, pending orders and the order, as a share of equity: at 1 an order needs
    /// no more than the margin that is available. Default 1.
    /// </summary>
    public double MaxMarginShare { get; init; } = 1;

    /// <summary>
    /// Largest correlation between two positions, counted negative where one hedges the other; 1 refuses none. A pair
    /// whose correlation is not configured counts as 1. Default 0.75.
    /// </summary>
    public double MaxCorrelation { get; init; } = 0.75;

    /// <summary>Most instruments with a position. Default 10.</summary>
    public int MaxOpenPositions { get; init; } = 10;

    /// <summary>Most orders for signals in a trading day. Default 50.</summary>
    public int MaxDailyTrades { get; init; } = 50;

    /// <summary>Most orders within any second, at most 10,000,000. Default 1,000.</summary>
    public int MaxOrdersPerSecond { get; init; } = 1_000;

    /// <summary>Largest order, in contracts. Default 5.</summary>
    public int MaxOrderSize { get; init; } = 5;

    /// <summary>Smallest order, in contracts; one that closes the position may be smaller. Default 1.</summary>
    public int MinOrderSize { get; init; } = 1;

    /// <summary>Largest value of an order: the fat finger's. Default 250,000.</summary>
    public decimal MaxOrderValue { get; init; } = 250_000m;

    /// <summary>
    /// How far the price that an order would trade at may be from the signal's, as a fraction of that. Default 0.02.
    /// </summary>
    public double PriceCollar { get; init; } = 0.02;

    /// <summary>
    /// How old, or by clocks that differ how far ahead, a signal may be, in milliseconds; 0: not checked. Default
    /// 5,000.
    /// </summary>
    public int MaxSignalAgeMs { get; init; } = 5_000;

    /// <summary>
    /// How long ago the instrument's last market update may be, in milliseconds; 0: not checked. Default 10,000.
    /// </summary>
    public int MaxMarketAgeMs { get; init; } = 10_000;

    /// <summary>Whether no order is sent while the best bid is above the best offer. Default true.</summary>
    public bool RefuseCrossedMarket { get; init; } = true;

    /// <summary>Signals remembered, so that one that comes twice is traded once. Default 16,384.</summary>
    public int SignalIdsRemembered { get; init; } = 16_384;

    /// <summary>
    /// Whether an order that breaks limits is cut to the largest size that keeps all of them, instead of being refused.
    /// Default false.
    /// </summary>
    public bool CutToAdmissibleSize { get; init; }

    /// <summary>What trips the kill switch besides a command.</summary>
    public KillSwitchOptions KillSwitch { get; init; } = new();

    /// <summary>When circuit breakers open.</summary>
    public BreakerOptions Breakers { get; init; } = new();

    /// <summary>When the market is volatile, in a crisis, in a trend.</summary>
    public RegimeOptions Regimes { get; init; } = new();

    /// <summary>How the value at risk estimates volatilities; null: it takes the configured ones.</summary>
    public VolatilityEstimate? VolatilityEstimate =>
        EstimatesVolatility ? new VolatilityEstimate(VolatilityDecay, Regimes.MinutesPerDay) : null;

    /// <exception cref="ArgumentException">A limit is out of range; the message says what to set.</exception>
    public void Validate()
    {
        Check(MaxPosition > 0, nameof(MaxPosition), "at least 1 contract");
        Check(MaxNotional is > 0 and <= 1e12m, nameof(MaxNotional), "a positive amount of at most 1e12");
        Check(MaxOrderValue is > 0 and <= 1e12m, nameof(MaxOrderValue), "a positive amount of at most 1e12");
        CheckPositive(MaxDailyVar, nameof(MaxDailyVar));
        CheckPositive(MaxWeeklyVar, nameof(MaxWeeklyVar));
        CheckPositive(MaxShortfall, nameof(MaxShortfall));
        CheckPositive(MaxPositionShare, nameof(MaxPositionShare));
        CheckPositive(MaxSectorShare, nameof(MaxSectorShare));
        CheckPositive(MaxMarginShare, nameof(MaxMarginShare));
        CheckPositive(PriceCollar, nameof(PriceCollar));
        Check(VolatilityDecay is > 0 and < 1, nameof(VolatilityDecay), "a fraction between 0 and 1, such as 0.94");
        CheckConfidence(VarConfidence, nameof(VarConfidence));
        CheckConfidence(ShortfallConfidence, nameof(ShortfallConfidence));
        Check(MaxDailyDrawdown is > 0 and <= 1, nameof(MaxDailyDrawdown), "a fraction in (0, 1], such as 0.02");
        Check(MaxWeeklyDrawdown is > 0 and <= 1, nameof(MaxWeeklyDrawdown), "a fraction in (0, 1], such as 0.05");
        Check(MaxCorrelation is >= 0 and <= 1, nameof(MaxCorrelation), "a number in [0, 1], such as 0.75");
        Check(MaxOpenPositions > 0, nameof(MaxOpenPositions), "at least 1 instrument");
        Check(MaxDailyTrades > 0, nameof(MaxDailyTrades), "at least 1 a day");
        Check(MaxOrdersPerSecond is > 0 and <= MostOrders, nameof(MaxOrdersPerSecond), "1 to 10,000,000");
        Check(MaxOrderSize > 0, nameof(MaxOrderSize), "at least 1 contract");
        Check(MinOrderSize > 0 && MinOrderSize <= MaxOrderSize, nameof(MinOrderSize), "1 to MaxOrderSize contracts");
        Check(MaxSignalAgeMs >= 0, nameof(MaxSignalAgeMs), "0 or more milliseconds");
        Check(MaxMarketAgeMs >= 0, nameof(MaxMarketAgeMs), "0 or more milliseconds");
        Check(SignalIdsRemembered is > 0 and <= 16_777_216, nameof(SignalIdsRemembered), "1 to 16,777,216");
        KillSwitch.Validate();
        Breakers.Validate(MaxOrdersPerSecond);
        Regimes.Validate();
    }

    private static void CheckPositive(double value, string limit) =>
        Check(value > 0 && double.IsFinite(value), limit, "a positive number");

    private static void CheckConfidence(double value, string limit) =>
        Check(value is > 0.5 and < 1, limit, "a confidence between 0.5 and 1, such as 0.99");

    private static void Check(bool isRight, string limit, string expected)
    {
        if (!isRight)
            throw new ArgumentException($"risk limits: set {limit} to {expected}.");
    }
}
