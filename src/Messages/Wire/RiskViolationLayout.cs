namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// Where the fields of RISK_VIOLATION are in its block, in bytes. The schema says the same; a test compares them.
/// </summary>
public static class RiskViolationLayout
{
    public const ushort TemplateId = 106;

    /// <summary>Bytes of the block in schema version 2, which brought the message.</summary>
    public const int BlockLength = 48;

    public const int TimeNsOffset = 0;
    public const int SignalIdOffset = 8;
    public const int LimitOffset = 16;
    public const int ValueOffset = 24;
    public const int InstrumentIdOffset = 32;
    public const int ViolationOffset = 36;
    public const int QuantityOffset = 40;
    public const int ApprovedQuantityOffset = 44;
}
