namespace ExecutionPipeline.Aeron.Client;

/// <summary>The network endpoint of a channel failed.</summary>
public sealed class ChannelEndpointException(int statusIndicatorId, string message) : AeronException(message)
{
    /// <summary>The counter of the channel's status.</summary>
    public int StatusIndicatorId { get; } = statusIndicatorId;
}
