using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Aeron.Protocol.Command;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>What can be asked of a driver by its file alone, without connecting to it.</summary>
internal static class DriverFile
{
    /// <summary>The driver's file; null where there is none.</summary>
    public static CncFile? TryMap(string path)
    {
        try
        {
            return CncFile.Map(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // A driver may be replacing the file at this moment.
            return null;
        }
    }

    /// <summary>Whether a driver has shown life within a time, in milliseconds.</summary>
    public static bool HasActiveDriver(CncFile cncFile, long nowMs, long timeoutMs)
    {
        // A living driver follows a step of the wall clock at once, so one ahead of it died before a step back.
        var heartbeatMs = new ManyToOneRingBuffer(cncFile.ToDriverBuffer).ConsumerHeartbeatTime;
        return heartbeatMs > 0 && Math.Abs(nowMs - heartbeatMs) <= timeoutMs;
    }

    /// <summary>As <see cref="Aeron.Context.IsDriverActive(DirectoryInfo, long, Action{string})"/>.</summary>
    public static bool IsActive(DirectoryInfo directory, long driverTimeoutMs, Action<string> logger)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(logger);
        using var cncFile = TryMap(Path.Combine(directory.FullName, CncFileDescriptor.CNC_FILE));
        if (cncFile is null)
            return false;

        logger($"INFO: Aeron CnC file {cncFile.Path} exists");
        var heartbeatMs = new ManyToOneRingBuffer(cncFile.ToDriverBuffer).ConsumerHeartbeatTime;
        var nowMs = SystemEpochClock.INSTANCE.Time();
        logger($"INFO: Aeron toDriver consumer heartbeat is (ms): {nowMs - heartbeatMs}");
        return HasActiveDriver(cncFile, nowMs, driverTimeoutMs);
    }

    /// <summary>The version of the commands that the driver knows; 0 for one from before it said so.</summary>
    public static long ReadControlProtocolVersion(CountersReader counters)
    {
        const int id = AeronCounters.SystemCounterIdControlProtocolVersion;
        return counters.GetCounterState(id) == CountersDescriptor.RecordAllocated
            && counters.GetCounterTypeId(id) == AeronCounters.DriverSystemCounterTypeId
            && counters.GetCounterRegistrationId(id) == id
            ? counters.GetCounterValue(id)
            : 0;
    }

    /// <summary>Asks a driver to end. False when there is none, or its ring is full.</summary>
    public static bool RequestTermination(DirectoryInfo directory, ReadOnlySpan<byte> token)
    {
        ArgumentNullException.ThrowIfNull(directory);
        using var cncFile = TryMap(Path.Combine(directory.FullName, CncFileDescriptor.CNC_FILE));
        if (cncFile is null)
            return false;

        var toDriver = new ManyToOneRingBuffer(cncFile.ToDriverBuffer);
        var message = new UnsafeBuffer(new byte[toDriver.MaxMsgLength]);
        var terminate = new TerminateDriverFlyweight();
        terminate.Wrap(message);
        terminate.ClientId = toDriver.NextCorrelationId();
        terminate.CorrelationId = Aeron.NULL_VALUE;
        terminate.SetToken(token);
        return toDriver.TryWrite(ControlProtocolEvents.TerminateDriver, message, 0, terminate.EncodedLength);
    }
}
