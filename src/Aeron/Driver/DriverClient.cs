using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>A client as the driver sees it: alive for as long as its heartbeat counter moves.</summary>
internal sealed class DriverClient(long clientId, long livenessTimeoutNs, AtomicCounter heartbeat, long nowNs)
{
    private readonly HeartbeatWatch _watch = new(heartbeat.Get(), nowNs);

    public long ClientId { get; } = clientId;

    public int HeartbeatCounterId => heartbeat.Id;

    /// <summary>True once the client is gone: what it held is freed.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>True when it said farewell.</summary>
    public bool IsClosedByCommand { get; private set; }

    public void OnKeepalive(long nowMs) => heartbeat.SetRelease(nowMs);

    public void OnClosedByCommand()
    {
        IsClosedByCommand = true;
        heartbeat.SetRelease(0);
    }

    /// <summary>True when the client has ended by now.</summary>
    public bool HasTimedOut(long nowNs)
    {
        HasEnded = IsClosedByCommand || _watch.SilentNs(heartbeat.Get(), nowNs) > livenessTimeoutNs;
        return HasEnded;
    }

    public void Close() => heartbeat.Dispose();
}
