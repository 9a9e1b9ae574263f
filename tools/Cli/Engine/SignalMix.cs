using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Cli.Engine;

/// <summary>
/// What each signal says: long and short alike where not hold, confidence uniform in [0.5, 0.95]. One in eight carries
/// the engine's own reading of the market, one in thirty-two that of the account. A signal depends on the seed and on
/// its id alone.
/// </summary>
/// <param name="seed">Of all draws.</param>
/// <param name="holds">Share of the signals that say hold.</param>
public readonly struct SignalMix(long seed, double holds = SignalMix.UsualHolds)
{
    /// <summary>Share of the signals that say hold where nobody asks for another.</summary>
    public const double UsualHolds = 0.2;

    private const double MarketContextShare = 1.0 / 8;
    private const double PortfolioShare = 1.0 / 32;

    /// <summary>The signal with an id.</summary>
    public Signal SignalOf(ulong id)
    {
        var direction = Uniform(id, Lane.Action);
        return new Signal
        {
            Action = direction < (1 - holds) / 2 ? TradeAction.Long
                : direction < 1 - holds ? TradeAction.Short
                : TradeAction.Hold,
            Confidence = Between(0.5, 0.95, Uniform(id, Lane.Confidence)),
            SynergyStrength = Between(0.3, 1, Uniform(id, Lane.Synergy)),
            Urgency = Uniform(id, Lane.Urgency),
            HasMarketContext = Uniform(id, Lane.HasMarketContext) < MarketContextShare,
            BookDepth = Between(0.5, 2, Uniform(id, Lane.BookDepth)),
            VolumeIntensity = Between(0.5, 2, Uniform(id, Lane.VolumeIntensity)),
            Volatility = Between(0.0002, 0.002, Uniform(id, Lane.Volatility)),
            Atr = Between(1, 8, Uniform(id, Lane.Atr)),
            HasPortfolio = Uniform(id, Lane.HasPortfolio) < PortfolioShare,
            FreeMargin = Between(0.5, 1, Uniform(id, Lane.FreeMargin)),
            UnrealizedPnl = Between(-0.005, 0.005, Uniform(id, Lane.UnrealizedPnl)),
        };
    }

    private static double Between(double low, double high, double share) => low + (high - low) * share;

    private double Uniform(ulong id, Lane lane)
    {
        // SplitMix64's output function (Steele, Lea and Flood, 2014) over a counter made of seed, id and lane.
        const ulong golden = 0x9E37_79B9_7F4A_7C15;
        const double resolution = 1.0 / (1UL << 53);
        var bits = Mix((ulong)seed + golden);
        bits = Mix(bits + id * golden);
        bits = Mix(bits + ((ulong)lane + 1) * golden);
        return (bits >> 11) * resolution;
    }

    private static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58_476D_1CE4_E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D0_49BB_1331_11EB;
        return bits ^ (bits >> 31);
    }

    private enum Lane
    {
        Action,
        Confidence,
        Synergy,
        Urgency,
        HasMarketContext,
        BookDepth,
        VolumeIntensity,
        Volatility,
        Atr,
        HasPortfolio,
        FreeMargin,
        UnrealizedPnl,
    }
}

/// <summary>What a signal says, but for price and times. NaN: left to the pipeline's own state.</summary>
public readonly record struct Signal
{
    public TradeAction Action { get; init; }

    public double Confidence { get; init; }

    public double SynergyStrength { get; init; }

    public double Urgency { get; init; }

    /// <summary>The engine gives its own reading of the market beside the price.</summary>
    public bool HasMarketContext { get; init; }

    /// <summary>Depth at the best levels over its moving average.</summary>
    public double BookDepth { get; init; }

    /// <summary>Volume over its average.</summary>
    public double VolumeIntensity { get; init; }

    /// <summary>One-minute realised volatility as a fraction.</summary>
    public double Volatility { get; init; }

    /// <summary>Average true range in price units.</summary>
    public double Atr { get; init; }

    /// <summary>The engine gives its own reading of the account.</summary>
    public bool HasPortfolio { get; init; }

    /// <summary>Share of the account that is free as margin.</summary>
    public double FreeMargin { get; init; }

    /// <summary>Unrealised profit or loss as a fraction of the account.</summary>
    public double UnrealizedPnl { get; init; }
}

/// <summary>
/// The times at which signals are to be sent. They follow from the start and the rate alone: a sender that falls
/// behind catches up, and the delay counts as latency instead of vanishing from the figures.
/// </summary>
/// <param name="StartNs">When signal 0 is due, in nanoseconds since the Unix epoch.</param>
/// <param name="RatePerSecond">Signals a second.</param>
public readonly record struct SignalSchedule(long StartNs, double RatePerSecond)
{
    private const double NanosPerSecond = 1e9;

    /// <summary>When a signal is due, in nanoseconds since the Unix epoch. Indices count from 0.</summary>
    public long IntendedNs(long index) => StartNs + (long)(index * (NanosPerSecond / RatePerSecond));
}
