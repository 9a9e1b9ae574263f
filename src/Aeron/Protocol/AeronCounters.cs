namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>Type ids of the counters that a driver has.</summary>
public static class AeronCounters
{
    /// <summary>A counter of the driver's own.</summary>
    public const int DriverSystemCounterTypeId = 0;

    /// <summary>Up to where a publication may write.</summary>
    public const int DriverPublisherLimitTypeId = 1;

    /// <summary>Up to where a subscriber has read an image.</summary>
    public const int DriverSubscriberPositionTypeId = 4;

    /// <summary>When a client last showed life, in milliseconds since the epoch.</summary>
    public const int DriverHeartbeatTypeId = 11;

    /// <summary>Up to where a publication has written.</summary>
    public const int DriverPublisherPosTypeId = 12;

    /// <summary>An address that a channel's socket is bound to.</summary>
    public const int DriverLocalSocketAddressStatusTypeId = 14;

    /// <summary>The version of the control protocol, among the driver's own counters.</summary>
    public const int SystemCounterIdControlProtocolVersion = 43;
}
