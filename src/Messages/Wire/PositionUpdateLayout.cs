namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// Where the fields of POSITION_UPDATE are in its block, in bytes. The schema says the same; a test compares them.
/// </summary>
public static class PositionUpdateLayout
{
    public const ushort TemplateId = 102;

    /// <summary>Bytes of the block in schema version 1: the least that a message of this template has.</summary>
    public const int BlockLength = 104;

    public const int TimeNsOffset = 0;
    public const int InstrumentIdOffset = 8;
    public const int PositionOffset = 12;
    public const int AveragePriceOffset = 16;
    public const int MarkPriceOffset = 24;
    public const int RealizedPnlOffset = 32;
    public const int UnrealizedPnlOffset = 40;
    public const int EquityOffset = 48;
    public const int AvailableMarginOffset = 56;
    public const int FeesOffset = 64;
    public const int GrossNotionalOffset = 72;
    public const int DailyDrawdownOffset = 80;
    public const int DailyVarOffset = 88;
    public const int OpenPositionsOffset = 96;
    public const int WorkingOrdersOffset = 100;
}
