namespace ExecutionPipeline.Disruptor.Processing;

/// <summary>The life of a processor: started, halted, perhaps started again, at last disposed of.</summary>
public class EventProcessorState
{
    private readonly object _lock = new();
    private readonly ICancellableBarrier _sequenceBarrier;
    private readonly bool _isRestartable;
    private RunState? _currentRun;
    private Task _haltTask = Task.CompletedTask;
    private Task? _disposeTask;

    /// <summary>Creates the state of a processor that waits at <paramref name="sequenceBarrier"/>.</summary>
    public EventProcessorState(ICancellableBarrier sequenceBarrier, bool restartable)
    {
        _sequenceBarrier = sequenceBarrier;
        _isRestartable = restartable;
    }

    /// <summary>Whether a run has been started and has not yet ended.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_lock)
                return _currentRun is { IsShutdown: false };
        }
    }

    /// <summary>Whether the processor is disposed of and can not be started again.</summary>
    public bool IsDisposed
    {
        get
        {
            lock (_lock)
                return _disposeTask != null;
        }
    }

    /// <summary>Begins a run.</summary>
    /// <exception cref="InvalidOperationException">A run has not ended, or another is not allowed.</exception>
    public RunState Start()
    {
        lock (_lock)
        {
            if (_disposeTask != null)
                throw new InvalidOperationException("Event processor is disposed");

            if (_currentRun is { IsShutdown: false })
                throw new InvalidOperationException("Event processor is already running");

            if (_currentRun != null && !_isRestartable)
                throw new InvalidOperationException("Event processor was started once and cannot be restarted");

            return _currentRun = new RunState();
        }
    }

    /// <summary>Asks the current run to end. Without one, nothing happens.</summary>
    /// <returns>Completes when every run so far has ended.</returns>
    public Task Halt()
    {
        lock (_lock)
            return _disposeTask ?? HaltCurrentRun();
    }

    /// <summary>Asks the current run to end, then disposes of the barrier.</summary>
    /// <returns>Completes when both is done.</returns>
    public Task Dispose()
    {
        lock (_lock)
            return _disposeTask ??= DisposeBarrierAfter(HaltCurrentRun());
    }

    private Task HaltCurrentRun()
    {
        var run = _currentRun;
        if (run == null || run.IsHalted)
            return _haltTask;

        run.Halt();
        _sequenceBarrier.CancelProcessing();
        _haltTask = Task.WhenAll(_haltTask, run.ShutdownTask);
        return _haltTask;
    }

    private Task DisposeBarrierAfter(Task haltTask)
    {
        return _sequenceBarrier is IDisposable disposableBarrier
            ? haltTask.ContinueWith(
                _ => disposableBarrier.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default)
            : haltTask;
    }

    /// <summary>One run of the processor.</summary>
    public class RunState
    {
        private readonly CancellationTokenSource _cancellationTokenSource = new();

        private readonly TaskCompletionSource _startCompletion =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly TaskCompletionSource _shutdownCompletion =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        private volatile bool _isHalted;
        private volatile bool _isShutdown;

        /// <summary>Whether the run has been asked to end.</summary>
        public bool IsHalted => _isHalted;

        /// <summary>Whether the run has ended.</summary>
        public bool IsShutdown => _isShutdown;

        /// <summary>Completes when the handler's OnStart has returned; faulted when the run ended there.</summary>
        public Task StartTask => _startCompletion.Task;

        /// <summary>Completes when the run has ended.</summary>
        public Task ShutdownTask => _shutdownCompletion.Task;

        /// <summary>Cancelled when the run has been asked to end.</summary>
        public CancellationToken CancellationToken => _cancellationTokenSource.Token;

        /// <summary>Asks the run to end.</summary>
        public void Halt()
        {
            _isHalted = true;
            _cancellationTokenSource.Cancel();
        }

        /// <summary>The handler's OnStart has returned.</summary>
        public void OnStarted() => _startCompletion.SetResult();

        /// <summary>The exception handler ended the run because of what OnStart threw.</summary>
        public void OnStartFailed(Exception exception)
        {
            _startCompletion.SetException(exception);
            OnShutdown();
        }

        /// <summary>The run has ended.</summary>
        public void OnShutdown()
        {
            _isShutdown = true;
            _shutdownCompletion.SetResult();
        }
    }
}
