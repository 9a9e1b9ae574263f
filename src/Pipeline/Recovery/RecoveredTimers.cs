using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Timers;

namespace ExecutionPipeline.Pipeline.Recovery;

/// <summary>
/// The timers of a pipeline, rebuilt beside a replay: what routing asks for is set, and what the journal says came due
/// is taken out, by owner, subject and due time, since identities depend on when ingress looked at the clock.
/// </summary>
internal sealed class RecoveredTimers(TimerRequests requests, TimerWheel wheel) : IStateful
{
    /// <summary>Nothing stays on the ring for so long after it came due.</summary>
    private const long LongestOnRingNs = 60_000_000_000;

    /// <summary>
    /// What was taken back: in the run it may have been on the ring by then. No state: whoever begins behind it tells
    /// of an unknown timer.
    /// </summary>
    private readonly TimerWheel _removed = new(wheel.Capacity, startNs: 0);
    private bool _hasRiskTimer;

    public TimerWheel Wheel => wheel;

    /// <summary>Timers of the journal that nobody had set: 0, where the replay does what the run did.</summary>
    public long Unknown { get; private set; }

    /// <summary>An event of the journal has been through the stages.</summary>
    public void OnEvent(ref readonly PipelineEvent e)
    {
        requests.MoveTo(Wheel, _removed);
        if (e.Header.Kind == EventKind.Timer)
            OnTimer(in e.Payload.Timer, e.Header.TimeNs);
        while (_removed.TryTake(e.Header.TimeNs - LongestOnRingNs, out _))
        {
        }
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
            && !_removed.TryRemove(timer.Owner, timer.Subject, timer.DueTimeNs)
            && (timer.Owner != TimerOwner.Risk || _hasRiskTimer))
            Unknown++;
        if (timer.Owner != TimerOwner.Risk)
            return;

        _hasRiskTimer = true;
        Wheel.TrySet(IngressAgent.NextRiskTimerNs(timer.DueTimeNs, timeNs), TimerOwner.Risk, out _);
    }
}
