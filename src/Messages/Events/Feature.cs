namespace ExecutionPipeline.Messages.Events;

/// <summary>Indices into <see cref="ContextFeatures"/>.</summary>
public static class Feature
{
    /// <summary>-1 short, 0 hold, 1 long.</summary>
    public const int DecisionDirection = 0;

    /// <summary>[0, 1].</summary>
    public const int DecisionConfidence = 1;

    /// <summary>[0, 1].</summary>
    public const int SynergyStrength = 2;

    /// <summary>[0, 1].</summary>
    public const int UrgencyFactor = 3;

    /// <summary>Basis points of the mid price.</summary>
    public const int BidAskSpreadBps = 4;

    /// <summary>Depth at the best levels over its moving average.</summary>
    public const int OrderBookDepth = 5;

    /// <summary>Volume over its average.</summary>
    public const int RecentVolumeIntensity = 6;

    /// <summary>One-minute realised volatility as a fraction.</summary>
    public const int PriceVolatility1Min = 7;

    /// <summary>Signed contracts.</summary>
    public const int CurrentPosition = 8;

    /// <summary>Fraction of equity.</summary>
    public const int AvailableMargin = 9;

    /// <summary>Fraction of equity.</summary>
    public const int UnrealizedPnlPct = 10;

    /// <summary>Daily VaR over its limit.</summary>
    public const int VarUtilization = 11;

    /// <summary>Absolute position over its limit.</summary>
    public const int MaxPositionPct = 12;

    /// <summary>Seconds.</summary>
    public const int TimeSinceSignal = 13;

    /// <summary>[0, 1].</summary>
    public const int MarketSessionPct = 14;
}
