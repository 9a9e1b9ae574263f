namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// Where the fields of EXECUTION_ERROR are in its block, in bytes. The schema says the same; a test compares them.
/// </summary>
public static class ExecutionErrorLayout
{
    public const ushort TemplateId = 104;

    /// <summary>Bytes of the block in schema version 1: the least that a message of this template has.</summary>
    public const int BlockLength = 40;

    public const int TimeNsOffset = 0;
    public const int CorrelationIdOffset = 8;
    public const int ValueOffset = 16;
    public const int InstrumentIdOffset = 24;
    public const int ReasonOffset = 28;
    public const int FieldIdOffset = 32;
    public const int TemplateIdOffset = 34;
    public const int CodeOffset = 36;
}
