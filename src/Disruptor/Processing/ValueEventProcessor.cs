using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor.Processing;

/// <summary>
/// Waits at a barrier and calls a handler for each event, batch by batch. Handlers are normally added through the DSL;
/// <see cref="EventProcessorFactory"/> chooses the type arguments.
/// </summary>
/// <typeparam name="T">The type of the events.</typeparam>
/// <typeparam name="TDataProvider">Gives access to the events.</typeparam>
/// <typeparam name="TPublishedSequenceReader">Tells claimed events from published ones.</typeparam>
/// <typeparam name="TEventHandler">Handles the events.</typeparam>
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

    private uint _roundsWithoutPublication;
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
            ProcessEvents(run.CancellationToken);
        }
        finally
        {
            NotifyShutdown(run);
        }
    }

    /// <summary>
    /// The loop of the thread. It runs for as long as the program does, so it must not begin as unoptimised code.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ProcessEvents(CancellationToken cancellationToken)
    {
        var nextSequence = Sequence.Value + 1;
        var isRunning = true;
        while (isRunning)
        {
            try
            {
                var waitResult = _sequenceBarrier.WaitFor(nextSequence, cancellationToken);
                if (waitResult.IsTimeout)
                    NotifyTimeout();
                else
                    ProcessBatch(ref nextSequence, waitResult.UnsafeAvailableSequence);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                isRunning = false;
            }
            catch (Exception ex)
            {
                SkipFailedEvent(ex, ref nextSequence);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ProcessBatch(ref long nextSequence, long reachedSequence)
    {
        var publishedSequence = _publishedSequenceReader.GetHighestPublishedSequence(nextSequence, reachedSequence);
        if (publishedSequence < nextSequence)
        {
            WaitForPublication();
            return;
        }

        var lastSequence = _batchSizeLimiter.ApplyMaxBatchSize(publishedSequence, nextSequence);
        if (_onBatchStartEvaluator.ShouldInvokeOnBatchStart(lastSequence, nextSequence))
            _eventHandler.OnBatchStart(lastSequence - nextSequence + 1);

        for (; nextSequence <= lastSequence; nextSequence++)
            _eventHandler.OnEvent(ref _dataProvider[nextSequence], nextSequence, nextSequence == lastSequence);

        Sequence.SetValue(lastSequence);
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SkipFailedEvent(Exception ex, ref long nextSequence)
    {
        _exceptionHandler.HandleEventException(ex, nextSequence, ref _dataProvider[nextSequence]);
        Sequence.SetValue(nextSequence);
        nextSequence++;
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
