namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// Where the fields of TRADE_QUALIFIED are in its block, in bytes. The schema says the same; a test compares them.
/// </summary>
public static class TradeQualifiedLayout
{
    public const ushort TemplateId = 1;

    /// <summary>Bytes of the block in schema version 1: the least that a message of this template has.</summary>
    public const int BlockLength = 152;

    public const int SignalIdOffset = 0;
    public const int InstrumentIdOffset = 8;
    public const int ActionOffset = 12;
    public const int ConfidenceOffset = 16;
    public const int SynergyStrengthOffset = 24;
    public const int UrgencyOffset = 32;
    public const int PriceOffset = 40;
    public const int BidAskSpreadOffset = 48;
    public const int BookDepthOffset = 56;
    public const int VolumeIntensityOffset = 64;
    public const int VolatilityOffset = 72;
    public const int AtrOffset = 80;
    public const int PositionOffset = 88;
    public const int AvailableMarginOffset = 96;
    public const int EquityOffset = 104;
    public const int UnrealizedPnlOffset = 112;
    public const int DrawdownOffset = 120;
    public const int SignalTimeNsOffset = 128;
    public const int IntendedSendTimeNsOffset = 136;
    public const int SendTimeNsOffset = 144;
}
