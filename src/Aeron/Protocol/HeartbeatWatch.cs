namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>
/// Tells how long a heartbeat has stood still. Heartbeats are times of the wall clock, which may be stepped, so only
/// that they change is looked at, and for how long they do not is measured by a clock that nobody steps.
/// </summary>
internal sealed class HeartbeatWatch(long value, long nowNs)
{
    private long _value = value;
    private long _changedNs = nowNs;

    /// <summary>Nanoseconds since the heartbeat was seen to change.</summary>
    /// <param name="value">What the heartbeat is now.</param>
    /// <param name="nowNs">The monotonic time now.</param>
    public long SilentNs(long value, long nowNs)
    {
        if (value != _value)
        {
            _value = value;
            _changedNs = nowNs;
        }

        return nowNs - _changedNs;
    }
}
