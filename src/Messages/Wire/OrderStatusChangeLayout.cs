namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// Where the fields of ORDER_STATUS_CHANGE are in its block, in bytes. The schema says the same; a test compares them.
/// </summary>
public static class OrderStatusChangeLayout
{
    public const ushort TemplateId = 101;

    /// <summary>Bytes of the block in schema version 1: the least that a message of this template has.</summary>
    public const int BlockLength = 112;

    public const int TimeNsOffset = 0;
    public const int OrderIdOffset = 8;
    public const int SignalIdOffset = 16;
    public const int ExecutionIdOffset = 24;
    public const int LimitPriceOffset = 32;
    public const int AveragePriceOffset = 40;
    public const int LastPriceOffset = 48;
    public const int StopPriceOffset = 56;
    public const int TargetPriceOffset = 64;
    public const int ArrivalPriceOffset = 72;
    public const int InstrumentIdOffset = 80;
    public const int QuantityOffset = 84;
    public const int CumulativeQuantityOffset = 88;
    public const int LeavesQuantityOffset = 92;
    public const int LastQuantityOffset = 96;
    public const int StatusOffset = 100;
    public const int PreviousStatusOffset = 101;
    public const int SideOffset = 102;
    public const int TypeOffset = 103;
    public const int TimeInForceOffset = 104;
    public const int StrategyOffset = 105;
    public const int RejectReasonOffset = 106;
}
