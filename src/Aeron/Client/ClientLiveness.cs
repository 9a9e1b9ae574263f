using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>Shows the driver that the client lives, and watches whether the driver does.</summary>
/// <param name="context">Says how often, and how long the driver may be silent.</param>
/// <param name="driverProxy">Knows the driver's heartbeat.</param>
/// <param name="counters">Hold the client's heartbeat.</param>
/// <param name="clientId">The client's number at the driver.</param>
/// <param name="nowNs">By the context's monotonic clock.</param>
internal sealed class ClientLiveness(
    Aeron.Context context, DriverProxy driverProxy, CountersReader counters, long clientId, long nowNs)
{
    private const long NanosPerMilli = 1_000_000;

    private readonly HeartbeatWatch _driverWatch = new(driverProxy.TimeOfLastDriverKeepaliveMs, nowNs);
    private AtomicCounter? _heartbeat;
    private long _timeOfLastKeepAliveNs = nowNs;

    /// <summary>Returns how much was done.</summary>
    /// <exception cref="AeronException">The driver has gone, or has given the client up: the client ends.</exception>
    public int Check(long nowNs)
    {
        CheckDriver(nowNs);
        var isDue = _timeOfLastKeepAliveNs + context.KeepAliveIntervalNs() - nowNs < 0;
        if ((_heartbeat is null && !isDue) || !HasHeartbeat())
            return 0;

        // An official driver judges by the wall clock, so after a step of that it is to see this turn's time.
        _heartbeat!.SetRelease(context.EpochClock().Time());
        if (isDue)
            _timeOfLastKeepAliveNs = nowNs;

        return isDue ? 1 : 0;
    }

    /// <summary>Throws when the driver has shown no life for too long, whatever the wall clock says.</summary>
    private void CheckDriver(long nowNs)
    {
        var lastKeepAliveMs = driverProxy.TimeOfLastDriverKeepaliveMs;
        var silentNs = _driverWatch.SilentNs(lastKeepAliveMs, nowNs);
        if (lastKeepAliveMs != -1 && silentNs <= context.DriverTimeoutMs() * NanosPerMilli)
            return;

        throw new DriverTimeoutException(
            $"the media driver in {context.AeronDirectoryName()} has gone: "
            + (lastKeepAliveMs == -1
                ? "it was shut down"
                : $"it has shown no life for {silentNs / NanosPerMilli} ms, "
                + $"and may be silent for {context.DriverTimeoutMs()} ms"));
    }

    /// <summary>
    /// True when the driver has a heartbeat counter for this client, which it has from its first command on.
    /// </summary>
    private bool HasHeartbeat()
    {
        if (_heartbeat is null)
        {
            var counterId = HeartbeatTimestamp.FindCounterIdByRegistrationId(
                counters, HeartbeatTimestamp.HEARTBEAT_TYPE_ID, clientId);
            if (counterId == CountersReader.NULL_COUNTER_ID)
                return false;

            _heartbeat = new AtomicCounter(counters.ValuesBuffer, counterId);
            counters.AppendToLabel(counterId, $" name={context.ClientName()} version={Aeron.Version}");
            return true;
        }

        var id = _heartbeat.Id;
        if (HeartbeatTimestamp.IsActive(counters, id, HeartbeatTimestamp.HEARTBEAT_TYPE_ID, clientId))
            return true;

        throw new AeronException($"unexpected close of heartbeat timestamp counter: {id}");
    }
}
