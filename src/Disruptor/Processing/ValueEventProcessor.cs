using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor.Processing;

/// <summary>
/// Waits at a barrier and calls a handler for each event, batch by batch. Handlers are normally added through the DSL;
/// <see cref="EventProcessorFactory"/> chooses the type arguments.
/// </summary>
/// <typeparam name="T">The type of the events.</typeparam>
/// <typeparam name="TDataProvider">Gives access to the events.</typeparam>
/// <typeparam name="TPublishedSequenceReader">Tells claimed events from published ones.</typeparam>
/// <typeparam name="TEventHandler">
/// Handles the events. Of a value type the processor makes copies: it must hold by reference what it changes.
/// </typeparam>
/// <typeparam name="TOnBatchStartEvaluator">Whether the handler is told of batches.</typeparam>
/// <typeparam name="TBatchSizeLimiter">Where batches end.</typeparam>
public class ValueEventProcessor<
    T, TDataProvider, TPublishedSequenceReader, TEventHandler, TOnBatchStartEvaluator, TBatchSizeLimiter>
    : IValueEventProcessor<T>
    where T : struct
    where TDataProvider : IValueDataProvider<T>
    where TPublishedSequenceReader : IPublishedSequenceReader
    where TEventHandler : IValueEventHandler<T>
    where TOnBatchStartEvaluator : IOnBatchStartEvaluator
    where TBatchSizeLimiter : IBatchSizeLimiter
{
    /// <summary>Tries to find an event published before the time slice is offered to its producer.</summary>
    private const int RoundsBeforeYield = 256;

    private readonly SequenceBarrier _sequenceBarrier;
    private readonly EventProcessorState _state;

    // Not readonly: calling a method on a readonly field of an unknown value type copies the value first.
#pragma warning disable IDE0044
    private TDataProvider _dataProvider;
    private TPublishedSequenceReader _publishedSequenceReader;
    private TEventHandler _eventHandler;
    private TOnBatchStartEvaluator _onBatchStartEvaluator;
    private TBatchSizeLimiter _batchSizeLimiter;
#pragma warning restore IDE0044

    // The event that is being handled, for when the handler throws. Written for each event, read after an exception.
    private long _nextSequence;
    private uint _roundsWithoutPublication;

    // A field, since the loop needs its registers for what it does for each event.
    private CancellationToken _cancellationToken;
    private IValueExceptionHandler<T> _exceptionHandler = new ValueFatalExceptionHandler<T>();

    /// <summary>Puts a processor together.</summary>
    public ValueEventProcessor(
        TDataProvider dataProvider,
        SequenceBarrier sequenceBarrier,
        TPublishedSequenceReader publishedSequenceReader,
        TEventHandler eventHandler,
        TOnBatchStartEvaluator onBatchStartEvaluator,
        TBatchSizeLimiter batchSizeLimiter)
    {
        _dataProvider = dataProvider;
        _sequenceBarrier = sequenceBarrier;
        _publishedSequenceReader = publishedSequenceReader;
        _eventHandler = eventHandler;
        _onBatchStartEvaluator = onBatchStartEvaluator;
        _batchSizeLimiter = batchSizeLimiter;
        _state = new EventProcessorState(sequenceBarrier, restartable: true);

        if (eventHandler is IEventProcessorSequenceAware sequenceAware)
            sequenceAware.SetSequenceCallback(Sequence);
    }

    /// <inheritdoc/>
    public Sequence Sequence { get; } = new();

    /// <inheritdoc/>
    public bool IsRunning => _state.IsRunning;

    /// <inheritdoc/>
    public void SetExceptionHandler(IValueExceptionHandler<T> exceptionHandler)
    {
        ArgumentNullException.ThrowIfNull(exceptionHandler);
        _exceptionHandler = exceptionHandler;
    }

    /// <inheritdoc/>
    public Task Start(TaskScheduler taskScheduler)
    {
        var run = _state.Start();
        taskScheduler.StartLongRunningTask(() => Run(run));
        return run.StartTask;
    }

    /// <inheritdoc/>
    public Task Halt() => _state.Halt();

    /// <summary>Asks for the end, and releases the barrier when it has come.</summary>
    public void Dispose()
    {
        _state.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Run(EventProcessorState.RunState run)
    {
        if (!TryNotifyStart(run))
            return;

        try
        {
            _cancellationToken = run.CancellationToken;
            ProcessEvents();
        }
        finally
        {
            NotifyShutdown(run);
        }
    }

    private void ProcessEvents()
    {
        _nextSequence = Sequence.Value + 1;
        while (true)
        {
            try
            {
                ProcessBatches();
            }
            catch (OperationCanceledException) when (_cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception ex)
            {
                SkipFailedEvent(ex);
            }
        }
    }

    /// <summary>
    /// The loop of the thread, which only an exception leaves. It runs for as long as the program does, so it must not
    /// begin as unoptimised code; and it has no try block, which would keep its variables out of registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ProcessBatches()
    {
        var nextSequence = _nextSequence;
        while (true)
        {
            var waitResult = _sequenceBarrier.WaitFor(nextSequence, _cancellationToken);
            if (waitResult.IsTimeout)
            {
                NotifyTimeout();
                continue;
            }

            var reachedSequence = waitResult.UnsafeAvailableSequence;
            var publishedSequence = _publishedSequenceReader.GetHighestPublishedSequence(nextSequence, reachedSequence);
            if (publishedSequence < nextSequence)
                WaitForPublication();
            else
                nextSequence = ProcessBatch(nextSequence, publishedSequence);
        }
    }

    /// <returns>The sequence after the batch.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long ProcessBatch(long nextSequence, long publishedSequence)
    {
        var lastSequence = _batchSizeLimiter.ApplyMaxBatchSize(publishedSequence, nextSequence);
        if (_onBatchStartEvaluator.ShouldInvokeOnBatchStart(lastSequence, nextSequence))
            _eventHandler.OnBatchStart(lastSequence - nextSequence + 1);

        var slots = _dataProvider;
        var eventHandler = _eventHandler;
        for (; nextSequence <= lastSequence; nextSequence++)
        {
            _nextSequence = nextSequence;
            // Before the handler is named, or the compiler keeps the handler in memory.
            ref var data = ref slots[nextSequence];
            eventHandler.OnEvent(ref data, nextSequence, nextSequence == lastSequence);
        }

        _nextSequence = nextSequence;
        Sequence.SetValue(lastSequence);
        return nextSequence;
    }

    /// <summary>
    /// A producer has claimed the event and not yet published it. It may have lost its core, perhaps to this thread.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WaitForPublication()
    {
        if (++_roundsWithoutPublication % RoundsBeforeYield == 0)
            Thread.Yield();
    }

    private void SkipFailedEvent(Exception ex)
    {
        var failedSequence = _nextSequence;
        _exceptionHandler.HandleEventException(ex, failedSequence, ref _dataProvider[failedSequence]);
        Sequence.SetValue(failedSequence);
        _nextSequence = failedSequence + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NotifyTimeout()
    {
        try
        {
            _eventHandler.OnTimeout(Sequence.Value);
        }
        catch (Exception ex)
        {
            _exceptionHandler.HandleOnTimeoutException(ex, Sequence.Value);
        }
    }

    private bool TryNotifyStart(EventProcessorState.RunState run)
    {
        try
        {
            NotifyStart();
        }
        catch (Exception ex)
        {
            run.OnStartFailed(ex);
            return false;
        }

        run.OnStarted();
        return true;
    }

    private void NotifyStart()
    {
        try
        {
            _eventHandler.OnStart();
        }
        catch (Exception ex)
        {
            _exceptionHandler.HandleOnStartException(ex);
        }
    }

    private void NotifyShutdown(EventProcessorState.RunState run)
    {
        try
        {
            _eventHandler.OnShutdown();
        }
        catch (Exception ex)
        {
            _exceptionHandler.HandleOnShutdownException(ex);
        }
        finally
        {
            run.OnShutdown();
        }
    }
}
