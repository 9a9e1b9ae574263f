namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// Where the fields of COMMAND are in its block, in bytes. The schema says the same; a test compares them.
/// </summary>
public static class CommandLayout
{
    public const ushort TemplateId = 3;

    /// <summary>Bytes of the block in schema version 1: the least that a message of this template has.</summary>
    public const int BlockLength = 32;

    public const int CommandIdOffset = 0;
    public const int InstrumentIdOffset = 8;
    public const int ReasonOffset = 12;
    public const int SendTimeNsOffset = 16;
    public const int KindOffset = 24;
    public const int CanaryShareBpsOffset = 26;
    public const int ModelPrefixOffset = 28;
}
