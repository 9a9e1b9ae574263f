using ExecutionPipeline.Audit.Recording;
using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Snapshots;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Audit.Running;

/// <summary>
/// Puts a journal's events through the same stages again, one after the other on the caller's thread, and has what they
/// made of each recorded. It compares the run's checkpoints with what it reaches itself: what they do not confirm is no
/// account of that run.
/// </summary>
public sealed class AuditReplay : IDisposable
{
    private readonly JournalReader _input;
    private readonly StageChain _chain;
    private readonly ResultHash _results;
    private readonly CheckpointComparison _comparison = new();
    private readonly ReplayedInputs _inputs;
    private readonly EventRecorder _recorder;
    private readonly TradingFault _fault = new();
    private PipelineEvent _event;
    private long _timeNs;

    /// <param name="options">Of the run, as far as they determine its outputs.</param>
    /// <param name="policy">Decides until the journal says otherwise; stays the caller's.</param>
    /// <param name="openModels">Opens the versions that the journal names; null: it must name none.</param>
    /// <param name="input">The journal, at its first event; stays the caller's.</param>
    /// <exception cref="InvalidDataException">The journal is of another configuration.</exception>
    public AuditReplay(
        PipelineOptions options, LoadedPolicy policy, Func<ModelVersion, LoadedPolicy>? openModels, JournalReader input)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(input);
        var inline = options with { Ring = options.Ring with { Topology = Topology.Inline } };
        Configuration = PipelineConfiguration.HashOf(options);
        if (input.Configuration.ToString() != Configuration.ToString())
            throw new InvalidDataException($"{input.SegmentPath} is of another configuration: name it with --config");

        var assembly = new StageAssembly(inline);
        var venue = new ReplayedVenue();
        _input = input;
        _results = new ResultHash { OnCheckpoint = _comparison.AddReached };
        _chain = assembly.CreateChain(new ChainOutputs
        {
            Results = _results,
            Backend = policy.Backend,
            Venue = venue.WaysOf(inline.Routing),
            Refusals = venue,
            Timers = venue,
            Outbound = new NullSink(),
        });
        _chain.Inference.Models.Open = version => ReplayedInputs.Open(openModels, new ModelVersion(version));
        _inputs = new ReplayedInputs(assembly.Instruments, _chain.Inference.Models.Slots, openModels);
        _recorder = new EventRecorder(options, assembly.InstrumentIds, policy.Version);
    }

    public ConfigurationHash Configuration { get; }

    /// <summary>Makes the entries.</summary>
    public EventRecorder Recorder => _recorder;

    /// <summary>The number of the next event.</summary>
    public long Sequence { get; private set; }

    /// <summary>Why snapshots were not used; none: there were none.</summary>
    public IReadOnlyList<string> PassedOver { get; set; } = [];

    /// <summary>Events up to which the run's checkpoints confirm the replay.</summary>
    public long ConfirmedTo => _comparison.AgreedTo;

    /// <summary>One line on a journal without an ordered end, once it was read; null: nothing is to be said.</summary>
    public string? EndNote => _input.EndNote;

    /// <summary>Whether trading ended with a failure: what comes after was handled by no stage.</summary>
    public bool IsFaulted => _fault.IsLatched;

    /// <summary>
    /// Goes on where a snapshot ends: what is before is read, and not replayed. False: the journal ends before, or has
    /// another event there, so that it was cut behind what the snapshot holds; then the replay must not be used.
    /// </summary>
    /// <exception cref="InvalidDataException">The journal begins later.</exception>
    public bool Resume(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ChainSnapshot.Load(snapshot, _chain, Configuration, _results);
        if (_input.FirstSequence > snapshot.Sequence)
            throw new InvalidDataException($"{_input.SegmentPath} begins behind event {snapshot.Sequence}");

        for (var at = _input.FirstSequence; at < snapshot.Sequence; at++)
        {
            if (!_input.TryRead(ref _event))
                return false;
        }

        Sequence = snapshot.Sequence;
        _timeNs = snapshot.TimeNs;
        return _input.FirstSequence == Sequence || _event.Header.TimeNs == _timeNs;
    }

    /// <summary>Handles the next event and adds its entries. False at the journal's end, or once trading has ended.
    /// </summary>
    /// <param name="entries">Is added to.</param>
    /// <exception cref="InvalidDataException">
    /// The journal does not hold what it should, or the replay does what the run did not.
    /// </exception>
    public bool TryStep(ICollection<AuditEntry> entries)
    {
        if (Sequence == 0 && _input.FirstSequence != 0)
        {
            throw new InvalidDataException(
                $"{_input.SegmentPath}: it begins with event {_input.FirstSequence}, and there is no snapshot of what "
                + $"was before{SnapshotFolder.Because(PassedOver)}");
        }

        if (_fault.IsLatched)
            return false;

        if (!_input.TryRead(ref _event))
        {
            CompareEnd();
            return false;
        }

        Compare();
        _inputs.Prepare(
            ref _event, Sequence, static () => throw new InvalidDataException("no slot for models is free"));
        _timeNs = _event.Header.TimeNs;
        // The chain replaces its limits where it changes them, so that these stay those of before the event.
        var limits = _chain.Risk.Limits;
        try
        {
            _chain.Run(ref _event);
            _recorder.Record(in _event, _chain.Routing.Actions, Sequence, limits, entries);
        }
        catch (Exception problem)
        {
            _fault.Latch(problem, Sequence, in _event);
            entries.Add(_recorder.FaultOf(in _event, Sequence, _fault.First!.Message));
        }

        Sequence++;
        Compare();
        return true;
    }

    /// <summary>The state before the next event.</summary>
    public Snapshot Save() => ChainSnapshot.Save(_chain, Configuration, Sequence, _timeNs, _results);

    public void Dispose()
    {
        _chain.Inference.Models.Slots.Dispose();
        _chain.Telemetry.Close();
    }

    /// <summary>A run that came to its end has told of its last events too.</summary>
    private void CompareEnd()
    {
        if (_input.CheckpointSequence == Sequence && Sequence > ConfirmedTo)
            _comparison.AddReached(Sequence, _results.Value);
        Compare();
    }

    private void Compare()
    {
        _comparison.AddExpected(_input.CheckpointSequence, _input.CheckpointHash);
        if (_comparison.DiffersBefore is { } differs)
        {
            throw new InvalidDataException(
                $"{_input.SegmentPath}: between event {_comparison.AgreedTo} and {differs} the replay does what the "
                + "run did not: name the run's models, and use the build that it had");
        }
    }
}
