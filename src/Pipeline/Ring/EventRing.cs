using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Pipeline.Ring;

/// <summary>
/// The one ring, with the stages behind it as the topology says. It has one writer, which claims a slot, fills in
/// header and payload, and publishes. In the inline topology publishing appends the event to the journal and runs the
/// whole chain, on the writer's thread; where a batch must be on the disk first, <see cref="Flush"/> does the latter.
/// </summary>
public sealed class EventRing : IDisposable
{
    /// <summary>
    /// Slots where an event has gone through the stages when <see cref="Publish"/> returns. One is in use at a time;
    /// the fewer there are, the sooner each is in the nearest cache again.
    /// </summary>
    private const int SlotsOfOneAtATime = 8;

    private readonly ValueDisruptor<PipelineEvent> _disruptor;
    private readonly ValueRingBuffer<PipelineEvent> _ring;
    private readonly StageChain? _inlineChain;
    private readonly EventJournal? _inlineJournal;
    private readonly TradingFault _fault;
    private readonly bool _hasConsumers;
    private readonly bool _isSyncedFirst;
    private readonly bool _isOneAtATime;
    private long _flushed = -1;
    private long _filled = -1;

    /// <param name="options">Topology, size, waiting and processors.</param>
    /// <param name="chain">The stages.</param>
    /// <param name="roster">Where the stage threads enlist.</param>
    /// <param name="fault">Told of an exception in a stage or the journal.</param>
    /// <param name="journal">Takes every event; null: nothing does.</param>
    /// <param name="measurement">Over which signals the threads keep their accounts; null: none.</param>
    public EventRing(
        RingOptions options,
        StageChain chain,
        ThreadRoster roster,
        TradingFault fault,
        EventJournal? journal = null,
        MeasurementPlan? measurement = null)
    {
        options.Validate();
        _fault = fault;
        var resolved = options.On(Environment.ProcessorCount);
        var topology = resolved.Topology;
        _isSyncedFirst = topology == Topology.Inline && journal is { IsSyncedFirst: true };
        _isOneAtATime = topology == Topology.Inline && !_isSyncedFirst;
        Size = options.Size;

        _disruptor = new ValueDisruptor<PipelineEvent>(
            () => default,
            _isOneAtATime ? SlotsOfOneAtATime : options.Size,
            TaskScheduler.Default,
            ProducerType.Single,
            Waiting.ForRing(resolved.Wait));
        _disruptor.SetDefaultExceptionHandler(fault);
        _ring = _disruptor.RingBuffer;

        var plan = measurement ?? MeasurementPlan.None;
        var wiring = new RingWiring(_disruptor, chain, fault, roster, options.Processors ?? [], plan);
        wiring.Connect(topology, journal);
        _hasConsumers = topology != Topology.Inline;
        if (topology == Topology.Inline)
        {
            _inlineChain = chain;
            _inlineJournal = journal;
        }

        Topology = topology;
        Wait = resolved.Wait;
    }

    /// <summary>The topology that runs: never auto.</summary>
    public Topology Topology { get; }

    /// <summary>What idle threads do: never auto.</summary>
    public WaitMode Wait { get; }

    /// <summary>Events that may be claimed before a stage is waited for: `ring.size`.</summary>
    public int Size { get; }

    /// <summary>Events that can be claimed and published now without waiting.</summary>
    public int RemainingCapacity => _isOneAtATime ? Size : (int)_ring.GetRemainingCapacity();

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
    /// Hands a filled slot on. Inline, a stage that throws latches the fault, as it does on a thread of its own; events
    /// after it go on to the journal, so that a replay meets the same.
    /// </summary>
    public void Publish(long sequence)
    {
        if (_inlineChain is null)
        {
            _ring.Publish(sequence);
            return;
        }

        if (_inlineJournal is not null)
            Append(ref _ring[sequence], sequence);
        _filled = sequence;
        if (!_isSyncedFirst)
            RunFilled();
    }

    /// <summary>
    /// The writer has nothing more for now. Where a batch must be on the disk before it is routed, it is brought there,
    /// once for all of it, and handed on.
    /// </summary>
    public void Flush()
    {
        if (_filled != _flushed)
            SyncAndRun();
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SyncAndRun()
    {
        // What the journal says then closes the gate to the venue: see KillGate.
        _inlineJournal!.Sync();
        RunFilled();
    }

    private void RunFilled()
    {
        while (_flushed < _filled)
        {
            var sequence = ++_flushed;
            if (!_fault.IsLatched)
                RunInline(ref _ring[sequence], sequence);
            _ring.Publish(sequence);
        }
    }

    private void Append(ref PipelineEvent e, long sequence)
    {
        try
        {
            _inlineJournal!.OnEvent(ref e, sequence, endOfBatch: false);
        }
        catch (Exception exception)
        {
            _fault.Latch(exception, sequence, in e);
        }
    }

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
