namespace ExecutionPipeline.Pipeline.Outbound;

/// <summary>Where outbound messages go.</summary>
public interface IOutboundSink
{
    /// <summary>Takes one whole message, which is valid for the call alone. False when it could not be taken.</summary>
    bool TrySend(ReadOnlySpan<byte> message);
}
