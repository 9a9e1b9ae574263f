using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Timers;

namespace ExecutionPipeline.Pipeline.Recovery;

/// <summary>
/// The timers of a pipeline, rebuilt beside a replay: what routing asks for is set, and what the journal says came due
/// is taken out, by owner, subject and due time, since identities depend on when ingress looked at the clock.
/// </summary>
internal sealed class RecoveredTimers(TimerRequests requests, TimerWheel wheel) : IStateful
{
    /// <summary>
    /// A timer that was on the ring when it was taken back comes within so many events, however long the pipeline stood
    /// still meanwhile: twice what the largest ring holds.
    /// </summary>
    private const long MostOnRing = 2 * RingOptions.LargestSize;

    /// <summary>
    /// What was taken back: in the run it may have been on the ring by then. No state: whoever begins behind it tells
    /// of an unknown timer.
    /// </summary>
    private readonly Dictionary<TimerRequest, Removed> _removed = [];
    private readonly Queue<(TimerRequest Timer, long At)> _oldest = new();
    private Action<TimerRequest>? _remember;
    private long _events;
    private bool _hasRiskTimer;

    /// <summary>So many timers that are alike were taken back, the last one at that event.</summary>
    private readonly record struct Removed(int Count, long At);

    public TimerWheel Wheel => wheel;

    /// <summary>Timers of the journal that nobody had set: 0, where the replay does what the run did.</summary>
    public long Unknown { get; private set; }

    /// <summary>An event of the journal has been through the stages.</summary>
    public void OnEvent(ref readonly PipelineEvent e)
    {
        requests.MoveTo(Wheel, _remember ??= Remember);
        if (e.Header.Kind == EventKind.Timer)
            OnTimer(in e.Payload.Timer, e.Header.TimeNs);
        _events++;
        Forget();
    }

    /// <summary>The journal has ended: a run that was killed before its first second had no risk timer yet.</summary>
    public void Complete(long timeNs)
    {
        if (!_hasRiskTimer)
            Wheel.TrySet(timeNs + IngressAgent.RiskPeriodNs, TimerOwner.Risk, out _);
        _hasRiskTimer = true;
    }

    public void Transfer(StateStream state)
    {
        state.Section("timers");
        Wheel.Transfer(state);
        // What was saved from a journal that ends within its first second holds none yet.
        if (state.IsReading)
            _hasRiskTimer = Wheel.Holds(TimerOwner.Risk);
    }

    private void OnTimer(ref readonly TimerTick timer, long timeNs)
    {
        if (!Wheel.TryRemove(timer.Owner, timer.Subject, timer.DueTimeNs)
            && !TryTakeRemoved(new TimerRequest(timer.Owner, timer.Subject, timer.DueTimeNs, IsRemoval: true))
            && (timer.Owner != TimerOwner.Risk || _hasRiskTimer))
            Unknown++;
        if (timer.Owner != TimerOwner.Risk)
            return;

        _hasRiskTimer = true;
        Wheel.TrySet(IngressAgent.NextRiskTimerNs(timer.DueTimeNs, timeNs), TimerOwner.Risk, out _);
    }

    private void Remember(TimerRequest timer)
    {
        _removed.TryGetValue(timer, out var before);
        _removed[timer] = new Removed(before.Count + 1, _events);
        _oldest.Enqueue((timer, _events));
    }

    private bool TryTakeRemoved(TimerRequest timer)
    {
        if (!_removed.TryGetValue(timer, out var removed))
            return false;

        if (removed.Count > 1)
            _removed[timer] = removed with { Count = removed.Count - 1 };
        else
            _removed.Remove(timer);
        return true;
    }

    private void Forget()
    {
        while (_oldest.TryPeek(out var oldest) && _events - oldest.At > MostOnRing)
        {
            _oldest.Dequeue();
            // It may have been taken since, or been taken back once more.
            if (_removed.TryGetValue(oldest.Timer, out var removed) && removed.At == oldest.At)
                _removed.Remove(oldest.Timer);
        }
    }
}
