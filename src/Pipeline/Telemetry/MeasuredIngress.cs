using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;

namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>
/// Ingress with its account kept: what its thread allocates from the turn that can admit the first measured signal to
/// the turn that admits the last, and what the machine takes from the thread while it has nothing to do.
/// </summary>
/// <param name="agent">Ingress, and what else its thread does.</param>
/// <param name="ingress">Itself.</param>
/// <param name="plan">Which signals are measured.</param>
/// <param name="hiccups">Is told of what the machine takes.</param>
internal sealed class MeasuredIngress(
    IHotAgent agent, IngressAgent ingress, MeasurementPlan plan, HiccupMeter hiccups) : IHotAgent
{
    private HotThread? _thread;
    private bool _isOver;

    public string Name => ingress.Name;

    public void OnStart(HotThread thread) => _thread = thread;

    public int DoWork()
    {
        if (_isOver)
            return agent.DoWork();

        if (!_thread!.IsMeasuring && ingress.SignalsAdmitted + IngressAgent.SignalLimit > plan.WarmupSignals)
            _thread.Open();

        var nowNs = NanoClock.NowNs();
        if (!_thread.IsMeasuring || hiccups.TryRecord(nowNs))
            hiccups.Resume(NanoClock.NowNs());

        var work = agent.DoWork();
        if (work > 0)
            hiccups.Resume(NanoClock.NowNs());

        if (ingress.SignalsAdmitted >= plan.WarmupSignals + plan.MeasuredSignals)
            Close();

        return work;
    }

    private void Close()
    {
        _isOver = true;
        _thread!.Close();
    }
}
