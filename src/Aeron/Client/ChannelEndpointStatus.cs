namespace ExecutionPipeline.Aeron.Client;

/// <summary>Values of a channel's status counter.</summary>
public static class ChannelEndpointStatus
{
    /// <summary>The channel is being set up.</summary>
    public const long INITIALIZING = 0;

    /// <summary>The channel failed.</summary>
    public const long ERRORED = -1;

    /// <summary>The channel works.</summary>
    public const long ACTIVE = 1;

    /// <summary>The channel is being closed.</summary>
    public const long CLOSING = 2;

    /// <summary>The counter id of a channel that has no status counter, as one within a machine.</summary>
    public const int NO_ID_ALLOCATED = Aeron.NULL_VALUE;
}
