using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// TRADE_QUALIFIED as ingress admitted it. NaN in an optional field means: use the pipeline's own state.
/// Times are nanoseconds since the Unix epoch, UTC.
/// </summary>
[StructLayout(LayoutKind.Explicit)]
public struct TradeQualified
{
    [FieldOffset(0)] public ulong SignalId;
    [FieldOffset(8)] public TradeAction Action;

    /// <summary>[0, 1].</summary>
    [FieldOffset(16)] public double Confidence;

    /// <summary>[0, 1].</summary>
    [FieldOffset(24)] public double SynergyStrength;

    /// <summary>[0, 1].</summary>
    [FieldOffset(32)] public double Urgency;

    /// <summary>The price the signal was made at, in 1e-9; positive.</summary>
    [FieldOffset(40)] public long PriceE9;

    /// <summary>In price units (0.25 for one ES tick), at least 0; NaN: the pipeline's own.</summary>
    [FieldOffset(48)] public double BidAskSpread;

    /// <summary>Depth at the best levels over its moving average, at least 0; NaN: the pipeline's own.</summary>
    [FieldOffset(56)] public double BookDepth;

    /// <summary>Volume over its average, at least 0; NaN: the pipeline's own.</summary>
    [FieldOffset(64)] public double VolumeIntensity;

    /// <summary>One-minute realised volatility as a fraction, at least 0; NaN: the pipeline's own.</summary>
    [FieldOffset(72)] public double Volatility;

    /// <summary>Average true range in price units, at least 0; NaN: the pipeline's own.</summary>
    [FieldOffset(80)] public double Atr;

    /// <summary>Signed contracts; NaN: the pipeline's own.</summary>
    [FieldOffset(88)] public double Position;

    /// <summary>In account currency, at least 0; NaN: the pipeline's own.</summary>
    [FieldOffset(96)] public double AvailableMargin;

    /// <summary>In account currency, positive; NaN: the pipeline's own.</summary>
    [FieldOffset(104)] public double Equity;

    /// <summary>In account currency; NaN: the pipeline's own.</summary>
    [FieldOffset(112)] public double UnrealizedPnl;

    /// <summary>Drawdown today as a fraction of the day's starting equity, [0, 1]; NaN: the pipeline's own.</summary>
    [FieldOffset(120)] public double Drawdown;

    /// <summary>When the tactical engine made the signal.</summary>
    [FieldOffset(128)] public long SignalTimeNs;

    /// <summary>When the schedule says it should have been sent: latency is counted from here.</summary>
    [FieldOffset(136)] public long IntendedSendTimeNs;

    /// <summary>When it was in fact sent.</summary>
    [FieldOffset(144)] public long SendTimeNs;
}
