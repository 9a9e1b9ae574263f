using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Models;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Snapshots;
using ExecutionPipeline.Pipeline.Timers;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Pipeline.Recovery;

/// <summary>
/// Writes snapshots of a pipeline from its journal alone, beside the pipeline, which may run: the hot path has nothing
/// to do with it. What a start from one of them costs is then the journal behind it.
/// </summary>
public sealed class JournalSnapshotter : IDisposable
{
    private readonly string _folder;
    private readonly ConfigurationHash _configuration;
    private readonly StageChain _chain;
    private readonly ChainReplay _replay;
    private readonly JournalReader _input;

    /// <summary>Reads ahead of the replay for what was stopped on its way to a venue; null: nothing can be.</summary>
    private readonly JournalReader? _ahead;
    private readonly StoppedRequests _stopped = new();
    private readonly long _lag;
    private long _saved;

    /// <param name="folder">Of the journal.</param>
    /// <param name="options">The pipeline's.</param>
    /// <param name="backend">Decides until the journal says otherwise; stays the caller's.</param>
    /// <param name="models">Where the journal's models are; null: it must name none.</param>
    /// <param name="isFollowing">Whether the journal is written meanwhile.</param>
    /// <exception cref="InvalidDataException">The journal is of another configuration, or its beginning is gone.
    /// </exception>
    /// <exception cref="IOException">It is damaged, or cannot be read.</exception>
    public JournalSnapshotter(
        string folder, PipelineOptions options, IPolicyBackend backend, ModelSource? models, bool isFollowing)
    {
        ArgumentNullException.ThrowIfNull(options);
        using (var first = new JournalReader(folder))
            options = JournalConfiguration.Fit(folder, first.Configuration, options);
        var assembly = new StageAssembly(options);
        var reports = new ReportInbox(options.Ring.Size, options.Exchange.ProtectionTicks);
        var refusals = reports.OpenQueue();
        var venue = VenueOf(options, assembly, reports);
        var (requests, results) = (new TimerRequests(), new ResultHash());
        _folder = folder;
        _configuration = PipelineConfiguration.HashOf(options);
        _chain = assembly.CreateChain(new ChainOutputs
        {
            Backend = backend,
            Venue = venue,
            Refusals = refusals,
            Timers = requests,
            Outbound = new NullSink(),
            Results = results,
        });
        _chain.Outbound.IsMuted = true;
        _replay = new ChainReplay(_chain, new ReplaySurroundings
        {
            Results = results,
            Requests = requests,
            Models = new RecoveredModels(models, _chain.Inference.Models),
            Reports = reports,
            Venues = [.. venue.Gateways.OfType<ReplayedRequests>().Select(static way => way.Venue).OfType<IStateful>()],
        });
        // What was stopped is told some events later, at most as many as the ring holds.
        _lag = isFollowing ? options.Ring.Size : 0;
        _input = Begin(isFollowing);
        if (options.Venue.Kind != VenueKind.Process)
            _ahead = JournalRecovery.OpenAt(_folder, Sequence, [], isFollowing);
    }

    /// <summary>Of the next event.</summary>
    public long Sequence => _replay.Sequence;

    /// <summary>One line on a journal without an ordered end, once it was read; null: nothing is to be said.</summary>
    public string? EndNote => _ahead?.EndNote ?? _input.EndNote;

    /// <summary>The first event that the last snapshot does not hold.</summary>
    public long Saved => _saved;

    /// <summary>
    /// Takes in what the journal holds by now, and writes a snapshot after so many events each, and at the end where
    /// there is anything new. Returns how many snapshots were written.
    /// </summary>
    public int Run(long every, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        var written = 0;
        var until = long.MaxValue;
        if (_ahead is not null)
        {
            _stopped.Add(_ahead);
            until = _ahead.Position.Sequence - _lag;
        }

        while (Sequence < until && _replay.Run(_input, cancel, Math.Min(until, _saved + every) - Sequence) > 0)
        {
            if (Sequence - _saved < every)
                continue;

            Save();
            written++;
        }

        return written;
    }

    /// <summary>Writes a snapshot of what has been reached, if that is new.</summary>
    public bool Save()
    {
        if (Sequence == _saved)
            return false;

        JournalRecovery.SnapshotsOf(_folder).Add(_replay.Save(_configuration));
        _saved = Sequence;
        return true;
    }

    public void Dispose()
    {
        _input.Dispose();
        _ahead?.Dispose();
        _chain.Inference.Models.Slots.Dispose();
    }

    private JournalReader Begin(bool isFollowing)
    {
        var passedOver = new List<string>();
        var snapshot = JournalRecovery.SnapshotsOf(_folder)
            .FindNewest(_configuration, JournalTail.EndOf(_folder), passedOver.Add);
        if (snapshot is not null)
            _replay.Load(snapshot, _configuration);

        _saved = Sequence;
        return JournalRecovery.OpenAt(_folder, Sequence, passedOver, isFollowing);
    }

    /// <summary>A simulated venue is part of the state; one in another process is asked after a restart.</summary>
    private Venue VenueOf(PipelineOptions options, StageAssembly assembly, ReportInbox reports)
    {
        if (options.Venue.Kind == VenueKind.Process)
            return new ReplayedVenue().WaysOf(options.Routing);

        var simulated = assembly.CreateExchange(reports);
        IVenueGateway[] ways = [.. simulated.Gateways.Select(way => new ReplayedRequests(way, _stopped))];
        return new Venue(ways[0], simulated.Market) { Others = ways[1..] };
    }
}
