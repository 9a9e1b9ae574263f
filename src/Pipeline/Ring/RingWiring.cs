using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Pipeline.Ring;

/// <summary>Puts the steps of the chain on consumer threads.</summary>
internal sealed class RingWiring(
    ValueDisruptor<PipelineEvent> disruptor,
    StageChain chain,
    TradingFault fault,
    ThreadRoster roster,
    IReadOnlyList<int> processors,
    MeasurementPlan measurement)
{
    /// <summary>The ingress thread takes the first processor of the list; the stages take those after it.</summary>
    private int _nextProcessor = 1;

    public void Connect(Topology topology)
    {
        switch (topology)
        {
            case Topology.Inline:
                break;
            case Topology.Fused:
                disruptor.HandleEventsWith(Handler<Steps.All>("stages"));
                break;
            case Topology.Pipelined:
                disruptor.HandleEventsWith(Handler<Steps.Context>("context"))
                    .Then(Handler<Steps.Inference>("inference"))
                    .Then(Handler<Steps.Risk>("risk"))
                    .Then(Handler<Steps.Routing>("routing"))
                    .Then(Handler<Steps.Followers>("followers"));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(topology), topology, "resolve auto first");
        }
    }

    private IValueEventHandler<PipelineEvent> Handler<TStep>(string name)
        where TStep : struct, IStep
    {
        var processor = _nextProcessor < processors.Count ? processors[_nextProcessor] : ThreadRoster.Unpinned;
        _nextProcessor++;
        return measurement.IsMeasuring
            ? new MeasuredHandler<TStep>(name, chain, fault, roster, processor, measurement)
            : new StageHandler<TStep>(name, chain, fault, roster, processor);
    }
}

/// <summary>
/// Names a part of the chain at compile time, so that a handler made for it is compiled for it alone and calls it
/// directly.
/// </summary>
internal interface IStep
{
    static abstract void Run(StageChain chain, ref PipelineEvent e);
}

/// <summary>The parts of the chain that a thread can be given.</summary>
internal static class Steps
{
    internal readonly struct Context : IStep
    {
        public static void Run(StageChain chain, ref PipelineEvent e) => chain.BuildContext(ref e);
    }

    internal readonly struct Inference : IStep
    {
        public static void Run(StageChain chain, ref PipelineEvent e) => chain.InferApart(ref e);
    }

    internal readonly struct Risk : IStep
    {
        public static void Run(StageChain chain, ref PipelineEvent e) => chain.CheckRisk(ref e);
    }

    internal readonly struct Routing : IStep
    {
        public static void Run(StageChain chain, ref PipelineEvent e) => chain.Route(ref e);
    }

    internal readonly struct Followers : IStep
    {
        public static void Run(StageChain chain, ref PipelineEvent e) => chain.Follow(ref e);
    }

    internal readonly struct All : IStep
    {
        public static void Run(StageChain chain, ref PipelineEvent e) => chain.Run(ref e);
    }
}

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

/// <summary>The waiting strategies that a <see cref="WaitMode"/> stands for.</summary>
internal static class Waiting
{
    private const int MaxSpins = 100;
    private const int MaxYields = 10;
    private const long MinParkNs = 1_000;
    private const long MaxParkNs = 1_000_000;

    public static IWaitStrategy ForRing(WaitMode mode) => mode switch
    {
        WaitMode.Spin => new BusySpinWaitStrategy(),
        WaitMode.Yield => new YieldingWaitStrategy(),
        WaitMode.Block => new BlockingWaitStrategy(),
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "no such wait mode"),
    };

    public static IIdleStrategy ForInputs(WaitMode mode) => mode switch
    {
        WaitMode.Spin => new BusySpinIdleStrategy(),
        WaitMode.Yield => new YieldingIdleStrategy(),
        // Of the same name, the official strategy counts its parking in milliseconds.
        WaitMode.Block when typeof(BackoffIdleStrategy).Namespace == "Adaptive.Agrona.Concurrent" =>
            new BackoffIdleStrategy(MaxSpins, MaxYields, 1, 1),
        WaitMode.Block => new BackoffIdleStrategy(MaxSpins, MaxYields, MinParkNs, MaxParkNs),
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "no such wait mode"),
    };
}
