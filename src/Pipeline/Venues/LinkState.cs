using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Venues;

/// <summary>
/// Whether a venue is there, by its heartbeats, and when to send it one: at a fixed interval while it is there, and
/// else after a wait that doubles with each attempt, with up to a quarter added at random so that many pipelines would
/// not return at once. Times are of a monotonic clock.
/// </summary>
internal sealed class LinkState(VenueOptions options, int seed)
{
    private const long MillisecondNs = 1_000_000;

    private readonly Random _random = new(seed);
    private long _nextSendNs = long.MinValue;
    private long _heardNs;
    private long _waitNs = options.ReconnectFirstMs * MillisecondNs;

    public bool IsUp { get; private set; }

    /// <summary>Attempts since the venue was lost.</summary>
    public int Attempts { get; private set; }

    /// <summary>Whether a heartbeat is to be sent now.</summary>
    public bool IsSendDue(long nowNs) => nowNs >= _nextSendNs;

    /// <summary>A heartbeat was sent, or could not be.</summary>
    public void OnSent(long nowNs)
    {
        if (IsUp)
        {
            _nextSendNs = nowNs + options.HeartbeatMs * MillisecondNs;
            return;
        }

        Attempts++;
        _nextSendNs = nowNs + _waitNs + _random.NextInt64(_waitNs / 4 + 1);
        _waitNs = Math.Min(2 * _waitNs, options.ReconnectMaxMs * MillisecondNs);
    }

    /// <summary>The venue has said something. Whether it is back with that.</summary>
    public bool OnHeard(long nowNs)
    {
        _heardNs = nowNs;
        if (IsUp)
            return false;

        IsUp = true;
        _nextSendNs = nowNs;
        return true;
    }

    /// <summary>Whether a venue that was there has been silent for too long.</summary>
    public bool IsOverdue(long nowNs) => IsUp && nowNs - _heardNs > options.HeartbeatTimeoutMs * MillisecondNs;

    /// <summary>The venue is lost: the first attempt to reach it is due after the first wait.</summary>
    public void OnLost(long nowNs)
    {
        IsUp = false;
        Attempts = 0;
        _waitNs = options.ReconnectFirstMs * MillisecondNs;
        _nextSendNs = nowNs + _waitNs;
    }
}
