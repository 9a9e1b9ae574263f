using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Pipeline.Ring;

/// <summary>
/// The one ring, with the stages behind it as the topology says. It has one writer, which claims a slot, fills in
/// header and payload, and publishes. In the inline topology publishing runs the whole chain first, on the writer's
/// thread.
/// </summary>
public sealed class EventRing : IDisposable
{
    private readonly ValueDisruptor<PipelineEvent> _disruptor;
    private readonly ValueRingBuffer<PipelineEvent> _ring;
    private readonly StageChain? _inlineChain;
    private readonly TradingFault _fault;
    private readonly bool _hasConsumers;

    /// <param name="options">Topology, size, waiting and processors.</param>
    /// <param name="chain">The stages.</param>
    /// <param name="roster">Where the stage threads enlist.</param>
    /// <param name="fault">Told of an exception in a stage or recorder.</param>
    /// <param name="recorder">A follower on a thread of its own, or null.</param>
    /// <param name="measurement">Over which signals the threads keep their accounts; null: none.</param>
    public EventRing(
        RingOptions options,
        StageChain chain,
        ThreadRoster roster,
        TradingFault fault,
        IValueEventHandler<PipelineEvent>? recorder = null,
        MeasurementPlan? measurement = null)
    {
        options.Validate();
        _fault = fault;
        var resolved = options.On(Environment.ProcessorCount);
        var topology = resolved.Topology;

        // Inline, the recorder alone waits on the ring, and it must not take a processor from the others.
        var wait = topology == Topology.Inline ? new SleepingWaitStrategy() : Waiting.ForRing(resolved.Wait);
        _disruptor = new ValueDisruptor<PipelineEvent>(
            () => default,
            options.Size,
            TaskScheduler.Default,
            ProducerType.Single,
            wait);
        _disruptor.SetDefaultExceptionHandler(fault);
        _ring = _disruptor.RingBuffer;

        var plan = measurement ?? MeasurementPlan.None;
        var wiring = new RingWiring(_disruptor, chain, fault, roster, options.Processors ?? [], plan);
        wiring.Connect(topology);
        if (recorder != null)
            _disruptor.HandleEventsWith(recorder);

        _inlineChain = topology == Topology.Inline ? chain : null;
        _hasConsumers = topology != Topology.Inline || recorder != null;
        Topology = topology;
        Wait = resolved.Wait;
    }

    /// <summary>The topology that runs: never auto.</summary>
    public Topology Topology { get; }

    /// <summary>What idle threads do: never auto.</summary>
    public WaitMode Wait { get; }

    /// <summary>Slots that can be claimed now without waiting.</summary>
    public int RemainingCapacity => (int)_ring.GetRemainingCapacity();

    /// <summary>Whether every event on the ring has gone through all its consumers.</summary>
    public bool IsDrained => _ring.GetRemainingCapacity() == _ring.BufferSize;

    /// <summary>Whether something has failed, so that no stage handles an event any more.</summary>
    public bool IsFaulted => _fault.IsLatched;

    /// <summary>The slot of a claimed sequence.</summary>
    public ref PipelineEvent this[long sequence] => ref _ring[sequence];

    public void Start()
    {
        if (_hasConsumers)
            _disruptor.Start();
    }

    /// <summary>Claims the next slot. False while every slot waits for a stage.</summary>
    public bool TryClaim(out long sequence) => _ring.TryNext(out sequence);

    /// <summary>
    /// Hands a filled slot on. Inline, a stage that throws latches the fault, as it does on a thread of its own; the
    /// event goes on to the recorder, so that a replay meets the same.
    /// </summary>
    public void Publish(long sequence)
    {
        if (_inlineChain is not null && !_fault.IsLatched)
            RunInline(ref _ring[sequence], sequence);

        _ring.Publish(sequence);
    }

    /// <summary>
    /// Lets the stages finish what is published and ends their threads.
    /// </summary>
    /// <exception cref="TimeoutException">They did not finish in time.</exception>
    public void Stop(TimeSpan timeout)
    {
        if (!_hasConsumers)
            return;

        if (!_disruptor.Shutdown(timeout).Wait(timeout))
            throw new TimeoutException($"the stages did not finish within {timeout.TotalSeconds:0.#} s");
    }

    /// <summary>Ends the stages' threads where they stand.</summary>
    public void Halt()
    {
        if (_hasConsumers)
            _disruptor.Halt().Wait(TimeSpan.FromSeconds(5));
    }

    public void Dispose() => _disruptor.Dispose();

    private void RunInline(ref PipelineEvent e, long sequence)
    {
        try
        {
            _inlineChain!.Run(ref e);
        }
        catch (Exception exception)
        {
            _fault.Latch(exception, sequence, in e);
        }
    }
}
