using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>
/// Takes the timers that routing asks for. They come back as events, so that they are recorded and a replay repeats
/// them. A timer is not taken back: whoever it comes to sees that its time has moved.
/// </summary>
public interface ITimerSink
{
    /// <summary>Asks for an event at a time.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="subject">What it is for.</param>
    /// <param name="dueNs">In nanoseconds since the Unix epoch, UTC; in the past: at once.</param>
    void Set(TimerOwner owner, ulong subject, long dueNs);
}
