using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;
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

    /// <param name="topology">Never auto.</param>
    /// <param name="journal">
    /// A follower on a thread of its own, which routing waits for where that is asked for; inline, the ring's writer
    /// appends to it itself. Null: there is none.
    /// </param>
    public void Connect(Topology topology, EventJournal? journal)
    {
        switch (topology)
        {
            case Topology.Inline:
                break;
            case Topology.Fused:
                var stages = Handler<Steps.All>("stages");
                if (journal is { IsBeforeRouting: true })
                    disruptor.HandleEventsWith(JournalHandler(journal)).Then(stages);
                else
                    ConnectBeside(journal, disruptor.HandleEventsWith(stages));
                break;
            case Topology.Pipelined:
                var risk = disruptor.HandleEventsWith(Handler<Steps.Context>("context"))
                    .Then(Handler<Steps.Inference>("inference"))
                    .Then(Handler<Steps.Risk>("risk"));
                ConnectRouting(risk, journal)
                    .Then(Handler<Steps.Followers>("followers"));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(topology), topology, "resolve auto first");
        }
    }

    private ValueEventHandlerGroup<PipelineEvent> ConnectRouting(
        ValueEventHandlerGroup<PipelineEvent> risk, EventJournal? journal)
    {
        var routing = Handler<Steps.Routing>("routing");
        return journal is { IsBeforeRouting: true }
            ? risk.And(disruptor.HandleEventsWith(JournalHandler(journal))).Then(routing)
            : ConnectBeside(journal, risk.Then(routing));
    }

    private ValueEventHandlerGroup<PipelineEvent> ConnectBeside(
        EventJournal? journal, ValueEventHandlerGroup<PipelineEvent> stages)
    {
        if (journal is not null)
            disruptor.HandleEventsWith(JournalHandler(journal));
        return stages;
    }

    /// <summary>Its thread is not pinned, where it does not hold up orders.</summary>
    private JournalHandler JournalHandler(EventJournal journal)
    {
        var processor = journal.IsBeforeRouting ? NextProcessor() : ThreadRoster.Unpinned;
        return new JournalHandler(journal, roster, processor);
    }

    private int NextProcessor()
    {
        var processor = _nextProcessor < processors.Count ? processors[_nextProcessor] : ThreadRoster.Unpinned;
        _nextProcessor++;
        return processor;
    }

    private IValueEventHandler<PipelineEvent> Handler<TStep>(string name)
        where TStep : struct, IStep
    {
        var processor = NextProcessor();
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

/// <summary>The journal on a thread of its own. Events go into it after a failure elsewhere, too.</summary>
internal sealed class JournalHandler(EventJournal journal, ThreadRoster roster, int processor)
    : IValueEventHandler<PipelineEvent>
{
    private HotThread? _thread;

    public void OnStart() => _thread = roster.Enlist("journal", processor);

    public void OnEvent(ref PipelineEvent data, long sequence, bool endOfBatch) =>
        journal.OnEvent(ref data, sequence, endOfBatch);

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
