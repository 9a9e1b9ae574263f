namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// Where the fields of TRADE_CLOSED are in its block, in bytes. The schema says the same; a test compares them.
/// </summary>
public static class TradeClosedLayout
{
    public const ushort TemplateId = 103;

    /// <summary>Bytes of the block in schema version 1: the least that a message of this template has.</summary>
    public const int BlockLength = 88;

    public const int TradeIdOffset = 0;
    public const int OrderIdOffset = 8;
    public const int EntryTimeNsOffset = 16;
    public const int ExitTimeNsOffset = 24;
    public const int EntryPriceOffset = 32;
    public const int ExitPriceOffset = 40;
    public const int GrossPnlOffset = 48;
    public const int FeesOffset = 56;
    public const int NetPnlOffset = 64;
    public const int InstrumentIdOffset = 72;
    public const int QuantityOffset = 76;
    public const int SideOffset = 80;
}
