using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// TRADE_QUALIFIED read in place. The tactical engine found a trade. NaN in an optional field means: use the
/// pipeline's own state. Times are nanoseconds since the Unix epoch, UTC. A field beyond the block's end reads as
/// null.
/// </summary>
public readonly ref struct TradeQualifiedDecoder
{
    private readonly ReadOnlySpan<byte> _block;

    /// <summary>Takes the block of a message whose header has been checked.</summary>
    public TradeQualifiedDecoder(ReadOnlySpan<byte> block) => _block = block;

    /// <summary>The tactical engine's id of the signal; not 0.</summary>
    public ulong SignalId => BlockReader.UInt64(_block, TradeQualifiedLayout.SignalIdOffset);

    /// <summary>The configured id of the instrument.</summary>
    public uint InstrumentId => BlockReader.UInt32(_block, TradeQualifiedLayout.InstrumentIdOffset);

    /// <summary>Hold, long or short.</summary>
    public TradeAction Action => (TradeAction)BlockReader.UInt8(_block, TradeQualifiedLayout.ActionOffset);

    /// <summary>[0, 1].</summary>
    public double Confidence => BlockReader.Double(_block, TradeQualifiedLayout.ConfidenceOffset);

    /// <summary>[0, 1].</summary>
    public double SynergyStrength => BlockReader.Double(_block, TradeQualifiedLayout.SynergyStrengthOffset);

    /// <summary>[0, 1].</summary>
    public double Urgency => BlockReader.Double(_block, TradeQualifiedLayout.UrgencyOffset);

    /// <summary>The price that the signal was made at, in price units; positive.</summary>
    public double Price => BlockReader.Double(_block, TradeQualifiedLayout.PriceOffset);

    /// <summary>In price units, at least 0; NaN when not given.</summary>
    public double BidAskSpread => BlockReader.Double(_block, TradeQualifiedLayout.BidAskSpreadOffset);

    /// <summary>Depth at the best levels over its moving average, at least 0; NaN when not given.</summary>
    public double BookDepth => BlockReader.Double(_block, TradeQualifiedLayout.BookDepthOffset);

    /// <summary>Volume over its average, at least 0; NaN when not given.</summary>
    public double VolumeIntensity => BlockReader.Double(_block, TradeQualifiedLayout.VolumeIntensityOffset);

    /// <summary>One-minute realised volatility as a fraction, at least 0; NaN when not given.</summary>
    public double Volatility => BlockReader.Double(_block, TradeQualifiedLayout.VolatilityOffset);

    /// <summary>Average true range in price units, at least 0; NaN when not given.</summary>
    public double Atr => BlockReader.Double(_block, TradeQualifiedLayout.AtrOffset);

    /// <summary>Signed contracts; NaN when not given.</summary>
    public double Position => BlockReader.Double(_block, TradeQualifiedLayout.PositionOffset);

    /// <summary>In account currency, at least 0; NaN when not given.</summary>
    public double AvailableMargin => BlockReader.Double(_block, TradeQualifiedLayout.AvailableMarginOffset);

    /// <summary>In account currency, positive; NaN when not given.</summary>
    public double Equity => BlockReader.Double(_block, TradeQualifiedLayout.EquityOffset);

    /// <summary>In account currency; NaN when not given.</summary>
    public double UnrealizedPnl => BlockReader.Double(_block, TradeQualifiedLayout.UnrealizedPnlOffset);

    /// <summary>Today's drawdown as a fraction of the day's starting equity, [0, 1]; NaN when not given.</summary>
    public double Drawdown => BlockReader.Double(_block, TradeQualifiedLayout.DrawdownOffset);

    /// <summary>When the tactical engine made the signal.</summary>
    public long SignalTimeNs => BlockReader.Int64(_block, TradeQualifiedLayout.SignalTimeNsOffset);

    /// <summary>When the schedule says it should have been sent: latency is counted from here.</summary>
    public long IntendedSendTimeNs => BlockReader.Int64(_block, TradeQualifiedLayout.IntendedSendTimeNsOffset);

    /// <summary>When it was in fact sent.</summary>
    public long SendTimeNs => BlockReader.Int64(_block, TradeQualifiedLayout.SendTimeNsOffset);

    /// <summary>Finds the block of a whole message. False when it is another message or cut short.</summary>
    public static bool TryWrap(ReadOnlySpan<byte> message, out TradeQualifiedDecoder decoder)
    {
        var isFound = MessageHeader.TryGetBlock(message, TradeQualifiedLayout.TemplateId, out var block);
        decoder = new TradeQualifiedDecoder(block);
        return isFound;
    }
}
