namespace ExecutionPipeline.Messages.Wire;

/// <summary>The identity of schemas/execution-pipeline.xml.</summary>
public static class Schema
{
    public const ushort Id = 7201;

    /// <summary>The newest version that this code knows.</summary>
    public const ushort Version = 4;

    /// <summary>Bytes of the longest message that this version writes, header included.</summary>
    public const int MaxEncodedLength = DecisionEncoder.EncodedLength;
}
