using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;

namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>
/// Ingress with its account kept: what its thread allocates from the turn that can admit the first measured signal to
/// the turn that admits the last, and what the machine takes from the thread while it has nothing to do.
/// </summary>
internal sealed class MeasuredIngress(IngressAgent ingress, MeasurementPlan plan, HiccupMeter hiccups) : IHotAgent
{
    private HotThread? _thread;
    private bool _isOver;

    public string Name => ingress.Name;

    public void OnStart(HotThread thread) => _thread = thread;

    public int DoWork()
    {
        if (_isOver)
            return ingress.DoWork();

        if (!_thread!.IsMeasuring && ingress.SignalsAdmitted + IngressAgent.SignalLimit > plan.WarmupSignals)
            _thread.Open();

        var nowNs = NanoClock.NowNs();
        if (!_thread.IsMeasuring || hiccups.TryRecord(nowNs))
            hiccups.Resume(NanoClock.NowNs());

        var work = ingress.DoWork();
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
