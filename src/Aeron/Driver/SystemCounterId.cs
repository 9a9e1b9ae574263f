namespace ExecutionPipeline.Aeron.Driver;

/// <summary>
/// The driver's own counters that a driver of IPC streams moves. Their ids are those of the protocol.
/// </summary>
public enum SystemCounterId
{
    /// <summary>Errors that were logged.</summary>
    Errors = 15,

    /// <summary>Logs that could not be deleted.</summary>
    FreeFails = 17,

    /// <summary>Publications whose writer died within a claim.</summary>
    UnblockedPublications = 19,

    /// <summary>Commands whose writer died within them.</summary>
    UnblockedCommands = 20,

    /// <summary>Clients that went silent.</summary>
    ClientTimeouts = 24,

    /// <summary>The longest turn of the conductor, in nanoseconds.</summary>
    ConductorMaxCycleTime = 26,

    /// <summary>Turns of the conductor that took too long.</summary>
    ConductorCycleTimeThresholdExceeded = 27,

    /// <summary>The version of Aeron whose protocol is spoken.</summary>
    AeronVersion = 34,

    /// <summary>Bytes of logs that are mapped.</summary>
    BytesCurrentlyMapped = 35,

    /// <summary>Publications that were revoked.</summary>
    PublicationsRevoked = 40,

    /// <summary>Images that were rejected.</summary>
    ImagesRejected = 42,

    /// <summary>The version of the control protocol.</summary>
    ControlProtocolVersion = 43,
}
