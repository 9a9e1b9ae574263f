namespace ExecutionPipeline.Pipeline.Outbound;

/// <summary>Takes every message and keeps none.</summary>
public sealed class NullSink : IOutboundSink
{
    public bool TrySend(ReadOnlySpan<byte> message) => true;
}
