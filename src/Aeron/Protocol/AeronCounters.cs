namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>Type ids of the counters that drivers have. Those of networks are official drivers' alone.</summary>
public static class AeronCounters
{
    /// <summary>A counter of the driver's own.</summary>
    public const int DriverSystemCounterTypeId = 0;

    /// <summary>Up to where a publication may write.</summary>
    public const int DriverPublisherLimitTypeId = 1;

    /// <summary>Up to where a publication has been sent.</summary>
    public const int DriverSenderPositionTypeId = 2;

    /// <summary>Up to where anything of an image has arrived.</summary>
    public const int DriverReceiverHwmTypeId = 3;

    /// <summary>Up to where a subscriber has read an image.</summary>
    public const int DriverSubscriberPositionTypeId = 4;

    /// <summary>Up to where an image has arrived without a gap.</summary>
    public const int DriverReceiverPosTypeId = 5;

    /// <summary>Up to where a publication may be sent.</summary>
    public const int DriverSenderLimitTypeId = 9;

    /// <summary>When a client last showed life, in milliseconds since the epoch.</summary>
    public const int DriverHeartbeatTypeId = 11;

    /// <summary>Up to where a publication has written.</summary>
    public const int DriverPublisherPosTypeId = 12;

    /// <summary>An address that a channel's socket is bound to.</summary>
    public const int DriverLocalSocketAddressStatusTypeId = 14;

    /// <summary>The version of the control protocol, among the driver's own counters.</summary>
    public const int SystemCounterIdControlProtocolVersion = 43;
}
