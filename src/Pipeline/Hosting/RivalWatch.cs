using System.Diagnostics;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>A client of a media driver that holds what another one wants.</summary>
/// <param name="Client">Its number at the driver.</param>
/// <param name="Heartbeat">When it last showed life; 0: it has no heartbeat, or none any more.</param>
public readonly record struct Rival(long Client, long Heartbeat);

/// <summary>
/// Tells rivals that live from those that were killed: one that lives moves its heartbeat twice a second, and what one
/// that was killed held is freed once the driver gives it up.
/// </summary>
public sealed class RivalWatch(TimeSpan patience)
{
    // The driver looks at its clients once a second, and may be held up as everybody may.
    private static readonly TimeSpan Spare = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _watched = Stopwatch.StartNew();
    private readonly Dictionary<long, long> _heartbeats = [];

    /// <summary>For how long a rival that shows no life is waited for.</summary>
    public TimeSpan Patience => patience;

    /// <summary>How long there has been watching.</summary>
    public TimeSpan Watched => _watched.Elapsed;

    /// <summary>Whether the driver should have given up by now who shows no life.</summary>
    public bool IsOver => _watched.Elapsed > patience;

    /// <summary>Watches on a driver.</summary>
    /// <param name="clientTimeoutNs">How long its clients may be silent, in nanoseconds.</param>
    public static RivalWatch On(long clientTimeoutNs) =>
        new(TimeSpan.FromTicks(clientTimeoutNs / TimeSpan.NanosecondsPerTick) + Spare);

    /// <summary>Whether a rival has moved its heartbeat since it was first seen: it lives.</summary>
    // Having none any more is no sign of life: the driver frees it with everything else.
    public bool HasMoved(Rival rival) => rival.Heartbeat != 0
        && !_heartbeats.TryAdd(rival.Client, rival.Heartbeat)
        && _heartbeats[rival.Client] != rival.Heartbeat;
}
