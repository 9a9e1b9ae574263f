using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Stages.Inference.Swap;

namespace ExecutionPipeline.Pipeline.Models;

/// <summary>
/// Does what a command on models needs before it may go on the ring: finds the version, verifies, opens and tries it,
/// on a thread of its own, and puts it in a slot. Ingress hands a command in and takes it back, one at a time; then
/// the ring exchanges a reference and nothing else. Afterwards it disposes of what was let go, and keeps the store's
/// history.
/// </summary>
public sealed class ModelLoader : IDisposable
{
    /// <summary>The least accuracy by its manifest of a version that may decide; the document's.</summary>
    public const double PerformanceGate = 0.75;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    /// <summary>An attempt may wait long for another writer, and commands wait behind it.</summary>
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(1);

    private readonly ModelSource _source;
    private readonly ModelSwitch _models;
    private readonly ConcurrentQueue<string> _notes = new();
    private readonly ConcurrentQueue<CanaryFigures> _canaries = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private volatile bool _isStopping;
    private int _phase;
    private Command _command;
    private long _swaps;
    private ulong? _written;
    private string? _problem;
    private long _triedAt;
    private TimeSpan _retry;
    private bool _isRecovered;
    private CanaryFigures? _canary;
    private CanaryState _canaryState;

    /// <summary>
    /// The first command that it gives back names what decides at the start, so that a recording says so too.
    /// </summary>
    /// <param name="source">Where models are.</param>
    /// <param name="models">Of the chain.</param>
    /// <param name="isKnown">Whether the stages know what decides, since they go on where a run ended.</param>
    public ModelLoader(ModelSource source, ModelSwitch models, bool isKnown = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(models);
        _source = source;
        _models = models;
        _command = new Command
        {
            Kind = CommandKind.DeployModel,
            Reason = CommandReason.Host,
            ModelVersion = source.Initial.Prefix,
            ModelSlot = PolicySlots.None,
        };
        _phase = (int)(isKnown ? Phase.Idle : Phase.Ready);
        _swaps = models.Swaps;
        _isRecovered = isKnown && _swaps > 0;
        _thread = new Thread(Work) { Name = "models", IsBackground = true };
        _thread.Start();
    }

    private enum Phase
    {
        Idle,
        Requested,
        Ready,
        Failed,
    }

    /// <summary>Every canary so far, in the order of their commands. Any thread may look.</summary>
    public IReadOnlyCollection<CanaryFigures> Canaries => _canaries;

    /// <summary>Whether a command waits to be taken back. For ingress, each turn.</summary>
    public bool HasAnswer => Volatile.Read(ref _phase) >= (int)Phase.Ready;

    /// <summary>Hands a command in. For ingress. False while another one is not taken back yet.</summary>
    public bool TryRequest(in Command command)
    {
        if (Volatile.Read(ref _phase) != (int)Phase.Idle)
            return false;

        _command = command;
        // Paired with the read in Answer.
        Volatile.Write(ref _phase, (int)Phase.Requested);
        _wake.Set();
        return true;
    }

    /// <summary>Takes the command back once there is an answer. False when it must not go on the ring.</summary>
    public bool TryTake(out Command command)
    {
        var isReady = Volatile.Read(ref _phase) == (int)Phase.Ready;
        command = _command;
        Volatile.Write(ref _phase, (int)Phase.Idle);
        return isReady;
    }

    /// <summary>The next line for the operator: what decides since when, what was refused and why.</summary>
    public bool TryReadNote([NotNullWhen(true)] out string? note) => _notes.TryDequeue(out note);

    /// <summary>Ends the thread and disposes of every slot. For when no event is decided any more.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _wake.Set();
        if (!_thread.Join(StopTimeout))
            return;

        _models.Slots.Dispose();
        _wake.Dispose();
    }

    private void Work()
    {
        while (!_isStopping)
        {
            _wake.WaitOne(LookInterval);
            _models.Slots.Collect();
            FollowVersion();
            FollowCanary();
            Answer();
        }

        FollowVersion();
        FollowCanary();
    }

    private void Answer()
    {
        // Paired with the write in TryRequest.
        if (Volatile.Read(ref _phase) != (int)Phase.Requested)
            return;

        var phase = Phase.Ready;
        try
        {
            Prepare();
        }
        catch (Exception problem)
        {
            // Whatever a file does to a library that reads it, the models that decide stay.
            phase = Phase.Failed;
            _notes.Enqueue($"{_command.Kind} {_command.CommandId} refused: {Worded(problem)}");
        }

        // Paired with the read in HasAnswer.
        Volatile.Write(ref _phase, (int)phase);
    }

    private void Prepare()
    {
        var isCanaryRunning = _models.Canary is { State: CanaryState.Running };
        switch (_command.Kind)
        {
            case CommandKind.DeployModel or CommandKind.CanaryModel:
                Load(_source.Store.Find($"{_command.ModelVersion >> 32:x8}"));
                if (_command.Kind == CommandKind.CanaryModel)
                    Mark(new ModelVersion(_command.ModelVersion));
                break;
            case CommandKind.PromoteModel when !isCanaryRunning:
                throw new ModelFileException("no canary runs");
            case CommandKind.RollbackModel when !isCanaryRunning:
                _command.Kind = CommandKind.DeployModel;
                _command.IsRollback = 1;
                Load(Previous());
                break;
        }
    }

    private void Load(ModelVersion version)
    {
        var models = _source.Store.Open(version);
        var measured = models.Manifest.Validation;
        var accuracy = Math.Min(measured.Size.Accuracy, measured.Strategy.Accuracy);
        if (!(accuracy >= PerformanceGate))
        {
            throw new ModelFileException(FormattableString.Invariant(
                $"{version}: its accuracy of {accuracy:0.####} is below the gate of {PerformanceGate}"));
        }

        var policy = PolicyChain.OpenProbed(models, _source.Open);
        if (!_models.Slots.TryPrepare(policy, out var slot))
        {
            policy.Dispose();
            throw new ModelFileException($"{version}: no slot is free");
        }

        _command.ModelVersion = version.Prefix;
        _command.ModelSlot = slot;
        if (policy.Problem is { } problem)
            _notes.Enqueue($"{version} by {policy.Name}: {problem}");
    }

    private bool IsWritten => _models.Swaps == 0 || _models.Version == _written;

    /// <summary>The one before what decides, and none that was left: the store may not know that yet.</summary>
    private ModelVersion Previous()
    {
        var left = Left();
        var history = _source.Store.History().Where(version => !left.Contains(version)).ToArray();
        var behind = history.SkipWhile(version => version.Prefix != _models.Version).ToArray();
        return (behind.Length == 0 ? history : behind[1..]) is [var previous, ..]
            ? previous
            : throw new ModelFileException($"{_source.Store.Location}: there is no previous version");
    }

    /// <summary>
    /// What decides by command is the store's current version from then on. What a run before has not written down is
    /// written, and what the disk does not take is tried again.
    /// </summary>
    private void FollowVersion()
    {
        var swaps = _models.Swaps;
        var version = _models.Version;
        if (swaps != _swaps)
        {
            _notes.Enqueue($"{version:x16} decides");
            (_swaps, _written, _problem, _retry) = (swaps, null, null, TimeSpan.Zero);
        }

        if (IsWritten)
            return;
        if (_problem is not null && (_isStopping || Stopwatch.GetElapsedTime(_triedAt) < _retry))
            return;

        try
        {
            if (_isRecovered && _source.Store.History() is [var current, ..] && current.Prefix != version)
                _notes.Enqueue($"{version:x16} decides, as the run before left it; the store said {current}");
            _isRecovered = false;
            _source.Store.MakeCurrent(new ModelVersion(version), Left());
            _written = version;
        }
        catch (ModelFileException problem)
        {
            _triedAt = Stopwatch.GetTimestamp();
            var next = _retry == TimeSpan.Zero ? FirstRetry : 2 * _retry;
            _retry = next < LastRetry ? next : LastRetry;
            if (_problem != problem.Message)
                _notes.Enqueue($"{version:x16} is not written down as current: {problem.Message}");
            _problem = problem.Message;
        }
    }

    private HashSet<ModelVersion> Left() =>
        [.. _models.Left.ToArray().Select(static version => new ModelVersion(version))];

    private void FollowCanary()
    {
        if (_models.Canary is not { } canary || (canary == _canary && canary.State == _canaryState))
            return;

        if (canary != _canary) _canaries.Enqueue(canary);
        (_canary, _canaryState) = (canary, canary.State);
        _notes.Enqueue(canary.ToString());
        Mark(canary.State == CanaryState.Running ? new ModelVersion(canary.Version) : null);
    }

    /// <summary>Has the store keep a canary; one that cannot be written down is tried all the same.</summary>
    private void Mark(ModelVersion? canary)
    {
        try
        {
            _source.Store.MarkTried(canary);
        }
        catch (ModelFileException problem)
        {
            _notes.Enqueue(canary is { } tried
                ? $"{tried} is not written down as canary: {problem.Message}"
                : $"the canary's end is not written down: {problem.Message}");
        }
    }

    // The exception of models makes one line of whatever a library says.
    private static string Worded(Exception problem) => problem is ModelFileException
        ? problem.Message
        : new ModelFileException($"a fault that was not foreseen: {problem.Message}").Message;
}

/// <summary>Where a running pipeline takes the models from that commands name.</summary>
public sealed class ModelSource
{
    public required ModelStore Store { get; init; }

    /// <summary>Opens a version by the backend that was asked for; called on a thread of its own.</summary>
    public required Func<ModelDirectory, LoadedPolicy> Open { get; init; }

    /// <summary>What decides at the start.</summary>
    public required ModelVersion Initial { get; init; }
}
