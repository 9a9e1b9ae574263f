using System.Buffers.Binary;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>
/// The driver's own counters, under the ids and labels by which tools know them. Those of networks are there and stay
/// at zero.
/// </summary>
internal sealed class SystemCounters
{
    private const int NoOwner = -1;
    private const string VersionInfo = $"version={Client.Aeron.Version} commit=execution-pipeline";

    private static readonly string[] Labels =
    [
        "Bytes sent",
        "Bytes received",
        "Failed offers to ReceiverProxy",
        "Failed offers to SenderProxy",
        "Failed offers to DriverConductorProxy",
        "NAKs sent",
        "NAKs received",
        "Status Messages sent",
        "Status Messages received",
        "Heartbeats sent",
        "Heartbeats received",
        "Retransmits sent",
        "Flow control under runs",
        "Flow control over runs",
        "Invalid packets",
        $"Errors: {VersionInfo}",
        "Short sends",
        "Failed attempts to free log buffers",
        "Sender flow control limits, i.e. back-pressure events",
        "Unblocked Publications",
        "Unblocked Control Commands",
        "Possible TTL Asymmetry",
        "ControllableIdleStrategy status",
        "Loss gap fills",
        "Client liveness timeouts",
        "Resolution changes: driverName=null",
        "Conductor max cycle time doing its work in ns: ",
        "Conductor work cycle exceeded threshold count: threshold=",
        "Sender max cycle time doing its work in ns: ",
        "Sender work cycle exceeded threshold count: threshold=",
        "Receiver max cycle time doing its work in ns: ",
        "Receiver work cycle exceeded threshold count: threshold=",
        "NameResolver max time in ns",
        "NameResolver exceeded threshold count: threshold=5s",
        $"Aeron software: {VersionInfo}",
        "Bytes currently mapped",
        "Retransmitted bytes",
        "Retransmit Pool Overflow count",
        "Error Frames received",
        "Error Frames sent",
        "Publications Revoked",
        "Publication Images Revoked",
        "Images rejected",
        "Control protocol version",
        "Status Messages rejected",
        "Failed offers to AsyncExecutorProxy",
    ];

    private readonly AtomicCounter[] _counters;

    public SystemCounters(CountersManager manager, ThreadingMode threadingMode, long cycleThresholdNs)
    {
        _counters = new AtomicCounter[Labels.Length];
        Span<byte> key = stackalloc byte[sizeof(int)];
        for (var id = 0; id < Labels.Length; id++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(key, id);
            var suffix = Labels[id][^1] switch
            {
                '=' => $"{cycleThresholdNs / 1_000_000}ms {threadingMode}",
                ' ' => $"{threadingMode}",
                _ => "",
            };
            _counters[id] = manager.NewCounter(
                Labels[id] + suffix, AeronCounters.DriverSystemCounterTypeId, key, id, NoOwner);
        }

        Get(SystemCounterId.AeronVersion).SetRelease(SemanticVersion.Compose(1, 51, 0));
        Get(SystemCounterId.ControlProtocolVersion).SetRelease(ControlProtocolEvents.ControlProtocolVersion);
    }

    public AtomicCounter Get(SystemCounterId id) => _counters[(int)id];

    public void Increment(SystemCounterId id) => _counters[(int)id].IncrementRelease();
}

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
