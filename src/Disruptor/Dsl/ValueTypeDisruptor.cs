using System.Diagnostics;
using System.Runtime.CompilerServices;
using ExecutionPipeline.Disruptor.Processing;

namespace ExecutionPipeline.Disruptor.Dsl;

/// <summary>A ring and the consumers of its events: set up, started, halted, in this order and once.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public abstract class ValueTypeDisruptor<T> : IDisposable
    where T : struct
{
    private readonly IValueRingBuffer<T> _ringBuffer;
    private readonly TaskScheduler _taskScheduler;
    private readonly ConsumerRepository _consumers = new();
    private readonly ValueExceptionHandlerWrapper<T> _exceptionHandler = new();
    private readonly DisruptorState _state = new();

    /// <summary>Creates a disruptor whose consumers are started on <paramref name="taskScheduler"/>.</summary>
    protected ValueTypeDisruptor(IValueRingBuffer<T> ringBuffer, TaskScheduler taskScheduler)
    {
        _ringBuffer = ringBuffer;
        _taskScheduler = taskScheduler;
    }

    /// <summary>The ring.</summary>
    public IValueRingBuffer<T> RingBuffer
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _ringBuffer;
    }

    /// <summary>Whether the disruptor has been started, even if it has ended since.</summary>
    public bool HasStarted => _state.HasStarted;

    /// <summary>Whether the disruptor has been started and not halted.</summary>
    public bool IsRunning => _state.IsRunning;

    /// <summary>Adds handlers that see each event as soon as it is published, beside each other.</summary>
    /// <returns>The handlers, for others to be put behind.</returns>
    /// <exception cref="InvalidOperationException">The disruptor has been started.</exception>
    public ValueEventHandlerGroup<T> HandleEventsWith(params IValueEventHandler<T>[] handlers)
    {
        return CreateEventProcessors([], handlers);
    }

    /// <summary>Adds custom processors, which are started with the disruptor and halted with it.</summary>
    /// <returns>The processors, for others to be put behind.</returns>
    public ValueEventHandlerGroup<T> HandleEventsWith(params IEventProcessor[] processors)
    {
        return AddProcessors(processors, isOwned: false);
    }

    /// <summary>Adds custom processors that see each event as soon as it is published.</summary>
    /// <returns>The processors, for others to be put behind.</returns>
    public ValueEventHandlerGroup<T> HandleEventsWith(params ValueEventProcessorCreator<T>[] eventProcessorFactories)
    {
        return CreateEventProcessors([], eventProcessorFactories);
    }

    /// <summary>The handlers, already added, for others to be put behind.</summary>
    /// <exception cref="ArgumentException">A handler has not been added.</exception>
    public ValueEventHandlerGroup<T> After(params IValueEventHandler<T>[] handlers)
    {
        return NewGroup(Array.ConvertAll(handlers, _consumers.GetSequenceFor));
    }

    /// <summary>The processors, already added, for others to be put behind.</summary>
    public ValueEventHandlerGroup<T> After(params IEventProcessor[] processors)
    {
        return NewGroup(DisruptorUtil.GetSequencesFor(processors));
    }

    /// <summary>Sets what decides when a handler throws that has no exception handler of its own.</summary>
    /// <exception cref="InvalidOperationException">The disruptor has been started.</exception>
    public void SetDefaultExceptionHandler(IValueExceptionHandler<T> exceptionHandler)
    {
        _state.ThrowIfStartedOrDisposed();
        _exceptionHandler.SwitchTo(exceptionHandler);
    }

    /// <summary>Sets what decides when this handler throws.</summary>
    /// <exception cref="ArgumentException">The handler has not been added.</exception>
    public void SetExceptionHandler(IValueEventHandler<T> eventHandler, IValueExceptionHandler<T> exceptionHandler)
    {
        GetProcessorFor(eventHandler).SetExceptionHandler(exceptionHandler);
    }

    /// <inheritdoc cref="SetExceptionHandler"/>
    [Obsolete("Use " + nameof(SetExceptionHandler) + " instead")]
    public ValueExceptionHandlerSetting<T> HandleExceptionsFor(IValueEventHandler<T> eventHandler)
    {
        return new ValueExceptionHandlerSetting<T>(GetProcessorFor(eventHandler));
    }

    /// <summary>What this handler waits for, or null when it has not been added.</summary>
    public DependentSequenceGroup? GetDependentSequencesFor(IValueEventHandler<T> handler)
    {
        return _consumers.GetDependentSequencesFor(handler);
    }

    /// <summary>The last event that this handler has processed.</summary>
    /// <exception cref="ArgumentException">The handler has not been added.</exception>
    public long GetSequenceValueFor(IValueEventHandler<T> handler) => _consumers.GetSequenceFor(handler).Value;

    /// <summary>Starts the consumers.</summary>
    /// <returns>Completes when OnStart has returned on every handler.</returns>
    /// <exception cref="InvalidOperationException">The disruptor has been started before.</exception>
    public Task Start()
    {
        _state.Start();
        return _consumers.StartAll(_taskScheduler);
    }

    /// <summary>Asks the consumers to end after the batch that they are processing.</summary>
    /// <returns>Completes when OnShutdown has returned on every handler.</returns>
    /// <exception cref="InvalidOperationException">The disruptor does not run.</exception>
    public Task Halt()
    {
        _state.Halt();
        return _consumers.HaltAll();
    }

    /// <summary>
    /// Waits until every event that is in the ring has been processed, then halts. Nothing may be published any more,
    /// or it may never return.
    /// </summary>
    /// <inheritdoc cref="Halt"/>
    public Task Shutdown() => Shutdown(Timeout.InfiniteTimeSpan);

    /// <summary>Waits until every event that is in the ring has been processed, then halts.</summary>
    /// <param name="timeout">
    /// The longest time to wait; a negative millisecond or the greatest span for no limit.
    /// </param>
    /// <inheritdoc cref="Halt"/>
    /// <exception cref="TimeoutException">Events were left when the time was over; the disruptor runs on.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or above 2^31 - 1 milliseconds.</exception>
    public Task Shutdown(TimeSpan timeout)
    {
        var isUnlimited = timeout == Timeout.InfiniteTimeSpan || timeout == TimeSpan.MaxValue;
        if (!isUnlimited)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, TimeSpan.FromMilliseconds(int.MaxValue));
        }

        var start = Stopwatch.GetTimestamp();
        var spinWait = new SpinWait();
        while (_consumers.HasBacklog(_ringBuffer.Cursor))
        {
            if (!isUnlimited && Stopwatch.GetElapsedTime(start) > timeout)
                throw new TimeoutException($"Events were left unprocessed after {timeout}.");

            spinWait.SpinOnce();
        }

        return Halt();
    }

    /// <summary>Ends the consumers if they run, and releases what they hold.</summary>
    public void Dispose()
    {
        if (_state.TryDispose())
            _consumers.ReleaseAll();

        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => $"ValueTypeDisruptor {{RingBuffer={_ringBuffer}, State={_state}}}";

    internal ValueEventHandlerGroup<T> CreateEventProcessors(
        Sequence[] barrierSequences,
        IValueEventHandler<T>[] eventHandlers)
    {
        _state.ThrowIfStartedOrDisposed();

        var sequences = Array.ConvertAll(eventHandlers, handler => AddHandler(handler, barrierSequences));
        MoveGateTo(sequences, barrierSequences);
        return NewGroup(sequences);
    }

    internal ValueEventHandlerGroup<T> CreateEventProcessors(
        Sequence[] barrierSequences,
        ValueEventProcessorCreator<T>[] processorFactories)
    {
        _state.ThrowIfStartedOrDisposed();

        var processors = Array.ConvertAll(
            processorFactories,
            create => create(_ringBuffer, _ringBuffer.NewBarrier(SequenceWaiterOwner.Unknown, barrierSequences)));
        return AddProcessors(processors, isOwned: true);
    }

    private Sequence AddHandler(IValueEventHandler<T> eventHandler, Sequence[] barrierSequences)
    {
        var barrier = _ringBuffer.NewBarrier(SequenceWaiterOwner.EventHandler(eventHandler), barrierSequences);
        var processor = _ringBuffer.CreateEventProcessor(barrier, eventHandler);
        processor.SetExceptionHandler(_exceptionHandler);

        _consumers.AddHandler(processor, eventHandler, barrier.DependentSequences);
        return processor.Sequence;
    }

    /// <summary>
    /// Whether a custom processor keeps behind its barrier is its own affair, so those before it go on to hold up the
    /// producers.
    /// </summary>
    private ValueEventHandlerGroup<T> AddProcessors(IEventProcessor[] processors, bool isOwned)
    {
        foreach (var processor in processors)
            _consumers.AddProcessor(processor, isOwned);

        var sequences = DisruptorUtil.GetSequencesFor(processors);
        _ringBuffer.AddGatingSequences(sequences);
        return NewGroup(sequences);
    }

    /// <summary>Producers need only wait for the last consumer of a chain: the others are ahead of it.</summary>
    private void MoveGateTo(Sequence[] sequences, Sequence[] barrierSequences)
    {
        if (sequences.Length == 0)
            return;

        _ringBuffer.AddGatingSequences(sequences);
        foreach (var barrierSequence in barrierSequences)
            _ringBuffer.RemoveGatingSequence(barrierSequence);

        _consumers.UnmarkAsEndOfChain(barrierSequences);
    }

    private IValueEventProcessor<T> GetProcessorFor(IValueEventHandler<T> eventHandler)
    {
        return (IValueEventProcessor<T>)_consumers.GetEventProcessorFor(eventHandler);
    }

    private ValueEventHandlerGroup<T> NewGroup(Sequence[] sequences) => new(this, _consumers, sequences);
}
