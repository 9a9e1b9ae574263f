using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>
/// Takes the timers that routing asks for. They come back as events, so that they are recorded and a replay repeats
/// them. One that is taken back may be on its way already: whoever it comes to sees that its time has moved.
/// </summary>
public interface ITimerSink
{
    /// <summary>Asks for an event at a time.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="subject">What it is for.</param>
    /// <param name="dueNs">In nanoseconds since the Unix epoch, UTC; in the past: at once.</param>
    void Set(TimerOwner owner, ulong subject, long dueNs);

    /// <summary>Takes back what was asked for, so that it needs no room until it is due.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="subject">What it is for.</param>
    /// <param name="dueNs">As it was set.</param>
    void Remove(TimerOwner owner, ulong subject, long dueNs);
}
