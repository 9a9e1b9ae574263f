using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Snapshots;
using ExecutionPipeline.Pipeline.Timers;

namespace ExecutionPipeline.Pipeline.Recovery;

/// <summary>What is put through a replay beside the stages.</summary>
internal sealed record ReplaySurroundings
{
    /// <summary>Folds what events lead to; the chain's.</summary>
    public required ResultHash Results { get; init; }

    /// <summary>What routing asks for; the chain's.</summary>
    public required TimerRequests Requests { get; init; }

    /// <summary>Loads the models that the journal names.</summary>
    public required RecoveredModels Models { get; init; }

    /// <summary>Takes what venues of this process and routing report meanwhile: the journal has it already.</summary>
    public required ReportInbox Reports { get; init; }

    /// <summary>Venues of this process, which are rebuilt with the stages; none: they are elsewhere.</summary>
    public IReadOnlyList<IStateful> Venues { get; init; } = [];

    /// <summary>The most timers that are set at a time.</summary>
    public int TimerCapacity { get; init; } = TimerWheel.PipelineCapacity;
}

/// <summary>
/// Puts the events of a journal through a chain at rest, on the calling thread, and keeps what is beside the chain in
/// step: timers, venues of the same process, the results' hash. What comes of it is what the run had at the same event.
/// </summary>
internal sealed class ChainReplay : IReportReceiver
{
    private readonly StageChain _chain;
    private readonly ReplaySurroundings _around;
    private readonly RecoveredTimers _timers;
    private readonly ReportsUnderWay _reports = new();
    private readonly IStateful[] _beside;
    private readonly PipelineEvent[] _event = new PipelineEvent[1];
    private long _agreedTo;

    /// <param name="chain">New, and with nothing running in it.</param>
    /// <param name="around">Of the same chain.</param>
    public ChainReplay(StageChain chain, ReplaySurroundings around)
    {
        _chain = chain;
        _around = around;
        _timers = new RecoveredTimers(around.Requests, new TimerWheel(around.TimerCapacity, startNs: 0));
        _beside = [around.Results, _timers, _reports, .. around.Venues];
    }

    /// <summary>Of the next event.</summary>
    public long Sequence => _around.Results.Sequence;

    /// <summary>Of the last event.</summary>
    public long TimeNs { get; private set; }

    /// <summary>The timers that are set after the last event.</summary>
    public TimerWheel Timers => _timers.Wheel;

    /// <summary>Timers of the journal that nobody had set: 0, where the replay does what the run did.</summary>
    public long UnknownTimers => _timers.Unknown;

    /// <summary>What routing had reported of parent orders and the journal lacks.</summary>
    public IReadOnlyList<ExecutionReport> ReportsUnderWay => _reports.All;

    /// <summary>What is saved and loaded with the chain, in this order.</summary>
    public IStateful[] Beside => _beside;

    bool IReportReceiver.HasRoom => true;

    /// <summary>Begins with a saved state. After an exception the chain must not be used.</summary>
    /// <exception cref="StateException">The state is of something else.</exception>
    public void Load(Snapshot snapshot, ConfigurationHash configuration)
    {
        ChainSnapshot.Load(snapshot, _chain, configuration, _beside);
        if (Sequence != snapshot.Sequence)
            throw new StateException($"the state is that before event {Sequence}, not before {snapshot.Sequence}.");

        TimeNs = snapshot.TimeNs;
    }

    /// <summary>The state between the last event and the next.</summary>
    public Snapshot Save(ConfigurationHash configuration) =>
        ChainSnapshot.Save(_chain, configuration, Sequence, TimeNs, _beside);

    /// <summary>
    /// Replays what <paramref name="input"/> still holds behind the state that has been reached, or up to so many
    /// events. Returns how many.
    /// </summary>
    /// <exception cref="InvalidDataException">The results are not those of the run, or models are missing.</exception>
    /// <exception cref="JournalDamageException">The journal is damaged.</exception>
    public long Run(JournalReader input, CancellationToken cancel, long limit = long.MaxValue)
    {
        ref var e = ref _event[0];
        var count = 0L;
        while (count < limit && input.TryRead(ref e))
        {
            Compare(input);
            if (input.Sequence < Sequence)
                continue;
            if (input.Sequence > Sequence)
                throw new InvalidDataException($"the journal begins with event {input.Sequence}, not {Sequence}");

            Handle(ref e);
            count++;
            if ((count & 0xFFF) == 0)
                cancel.ThrowIfCancellationRequested();
        }

        Compare(input);
        return count;
    }

    /// <summary>The journal has ended, and the pipeline goes on from here.</summary>
    public void Complete() => _timers.Complete(TimeNs);

    /// <summary>
    /// What was answered during the run is in the journal, or the venue is asked for it; but routing's own word nobody
    /// else has.
    /// </summary>
    void IReportReceiver.OnReport(in ExecutionReport report) => _reports.Add(in report);

    private void Handle(ref PipelineEvent e)
    {
        _around.Models.Prepare(ref e);
        try
        {
            _chain.Replay(ref e);
            _timers.OnEvent(in e);
        }
        catch (Exception problem) when (problem is not InvalidDataException)
        {
            throw new InvalidDataException(
                $"event {Sequence} ({e.Header.Kind} {e.Header.CorrelationId}) cannot be handled again: "
                + problem.Message,
                problem);
        }

        _reports.OnEvent(in e);
        TimeNs = e.Header.TimeNs;
        while (_around.Reports.Drain(this))
        {
        }
    }

    /// <summary>A checkpoint comes some events behind what it speaks of: then the hash has gone on.</summary>
    private void Compare(JournalReader input)
    {
        if (input.CheckpointSequence <= _agreedTo)
            return;

        _agreedTo = input.CheckpointSequence;
        if (_around.Results.HashAt(_agreedTo) is { } reached && reached != input.CheckpointHash)
        {
            throw new InvalidDataException(
                $"the results before event {_agreedTo} are not those of the run: other models, another build, or a "
                + "fault; start on another folder, or with what the run had");
        }
    }
}
