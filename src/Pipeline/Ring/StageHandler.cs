using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Pipeline.Ring;

/// <summary>
/// Runs one step of the chain on a consumer thread of the ring, pinned where that is asked for. Once something has
/// failed, anywhere, events pass unhandled.
/// </summary>
internal sealed class StageHandler<TStep>(
    string name, StageChain chain, TradingFault fault, ThreadRoster roster, int processor)
    : IValueEventHandler<PipelineEvent>
    where TStep : struct, IStep
{
    private HotThread? _thread;

    public void OnStart() => _thread = roster.Enlist(name, processor);

    public void OnEvent(ref PipelineEvent data, long sequence, bool endOfBatch)
    {
        if (!fault.IsLatched)
            TStep.Run(chain, ref data);
    }

    public void OnShutdown() => _thread!.Close();
}

/// <summary>The same with the thread's account kept over the measured signals.</summary>
internal sealed class MeasuredHandler<TStep>(
    string name, StageChain chain, TradingFault fault, ThreadRoster roster, int processor, MeasurementPlan plan)
    : IValueEventHandler<PipelineEvent>
    where TStep : struct, IStep
{
    private HotThread? _thread;
    private SignalMeter? _meter;

    public void OnStart()
    {
        _thread = roster.Enlist(name, processor);
        _meter = new SignalMeter(plan, _thread);
    }

    public void OnEvent(ref PipelineEvent data, long sequence, bool endOfBatch)
    {
        if (fault.IsLatched)
            return;

        var isSignal = data.Header.Kind == EventKind.TradeQualified;
        if (isSignal)
            _meter!.BeginSignal();

        TStep.Run(chain, ref data);
        if (isSignal)
            _meter!.EndSignal();
    }

    public void OnShutdown() => _thread!.Close();
}
