using System.Diagnostics;

namespace ExecutionPipeline.Native;

/// <summary>
/// How long another process has been silent, by the stamps of the system's time that it writes. Only the first look has
/// to trust that time: from then on a stamp that has changed is a sign of life, and one that has not is as old as it
/// was and the time since the look before. So a step of the system's time is neither a silence nor the end of one.
/// One thread.
/// </summary>
public sealed class SignOfLife
{
    private DateTime? _stamp;
    private TimeSpan _age;
    private TimeSpan _lookedAt;

    /// <summary>Looks at the stamp that is there now.</summary>
    /// <param name="stamp">Coordinated Universal Time.</param>
    /// <returns>How long ago it was written.</returns>
    public TimeSpan Age(DateTime stamp) => Age(stamp, Stopwatch.GetElapsedTime(0), DateTime.UtcNow);

    /// <summary>The same with clocks to choose: one that nobody steps, and the system's time.</summary>
    internal TimeSpan Age(DateTime stamp, TimeSpan now, DateTime wall)
    {
        var byWall = (wall - stamp).Duration();
        var sinceLook = now - _lookedAt;
        if (_stamp is null)
            _age = byWall;
        else if (_stamp == stamp)
            _age += sinceLook;
        else
            _age = byWall < sinceLook ? byWall : sinceLook;

        (_stamp, _lookedAt) = (stamp, now);
        return _age;
    }
}
