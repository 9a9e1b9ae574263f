using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Snapshots;
using ExecutionPipeline.Simulation.Checks;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Simulation.World;

/// <summary>What outlives the pipeline's process: the venue, and the books that everything is held against.</summary>
internal sealed class SimulatedWorld
{
    private readonly Func<IPolicyBackend> _newBackend;
    private readonly List<ulong> _inputs = [];
    private readonly List<ulong> _digests = [];
    private readonly MutedChain _twin;
    private readonly AccountBook _account;
    private ExecutionReport _lastTrade;

    public SimulatedWorld(SimulationOptions options)
    {
        Mutant = options.Mutant;
        Violations = new ViolationLog { Trace = options.Trace };
        AfterLoad = options.AfterLoad;
        _newBackend = options.Backend ?? (static () => new SeededPolicy());
        var dice = new SeededDice(options.Seed, 1);
        Options = SimulatedConfiguration.Draw(dice, options);
        Assembly = new StageAssembly(Options) { Room = SimulatedConfiguration.Room };
        var count = Assembly.Instruments.Count;
        VenueBook = new VenueBook(count, Violations) { MaxPosition = 2 * Options.Limits.MaxPosition };
        Limits = new LimitBook(count, VenueBook, Violations)
        {
            MaxOrderSize = Options.Limits.MaxOrderSize,
            MaxOrdersPerSecond = Options.Limits.MaxOrdersPerSecond,
        };
        VenueBook.IsExit = Limits.IsExit;
        _account = new AccountBook(Assembly.Instruments, Violations)
        {
            MaxPosition = Options.Limits.MaxPosition,
        };
        var faults = SimulatedConfiguration.VenueFaults(new SeededDice(options.Seed, 2), options);
        LongestDelayNs = faults.DelayMaxNs;
        Venue = new SimulatedVenue(Assembly.Instruments, faults, VenueBook);
        _twin = new MutedChain(Assembly, NewBackend());
    }

    public PipelineOptions Options { get; }

    public StageAssembly Assembly { get; }

    public SimulatedVenue Venue { get; }

    public VenueBook VenueBook { get; }

    /// <summary>What a message to the venue or from it takes at most.</summary>
    public long LongestDelayNs { get; }

    public LimitBook Limits { get; }

    public AccountBook Account => _account;

    public ViolationLog Violations { get; }

    public Mutant Mutant { get; }

    /// <summary>Puts back what a snapshot is to lack; null: nothing.</summary>
    public Action<StageChain>? AfterLoad { get; }

    public long StartNs => 1_700_000_000_000_000_000;

    /// <summary>Events that wait at most until they are synced and handled.</summary>
    public int MostInBatch => Options.Ring.Size / 4;

    /// <summary>Events that were put on the ring, those lost by a power failure not counted.</summary>
    public long Published => _inputs.Count;

    /// <summary>Events that were handled, each counted once.</summary>
    public long Handled => _digests.Count;

    /// <summary>A hash of all that was handled.</summary>
    public ulong Digest { get; private set; }

    public IPolicyBackend NewBackend() => _newBackend();

    public void OnPublish(ref readonly PipelineEvent e) => _inputs.Add(ChainDigest.OfInput(in e));

    /// <summary>An event was handled.</summary>
    public void OnHandled(
        long sequence, ref readonly PipelineEvent e, ActionLog actions, ulong digest, StageChain chain)
    {
        if (_twin.Handle(in e) != digest)
        {
            Violations.Add(
                $"event {sequence} ({e.Header.Kind}) led to something else than in a chain that was never restarted");
        }

        Take(sequence, in e, actions, digest);
        _account.Check(chain);
    }

    /// <summary>An event that no process had handled, and a start found in the journal and handled.</summary>
    private void OnReplayed(long sequence, ref readonly PipelineEvent e)
    {
        var digest = _twin.Handle(in e);
        Take(sequence, in _twin.Event, _twin.Actions, digest);
    }

    private void Take(long sequence, ref readonly PipelineEvent e, ActionLog actions, ulong digest)
    {
        Violations.Sequence = sequence;
        if (Violations.Trace is not null)
            Violations.Trace($"{sequence} {LineOf(in e)}");
        _digests.Add(digest);
        Digest = SeededDice.Fold(Digest, digest);
        if (e.Header.Kind == EventKind.ExecutionReport && e.Resolution.Booked > 0)
            _lastTrade = e.Payload.ExecutionReport;
        Limits.OnHandled(in e);
        _account.OnHandled(in e, actions);
    }

    private static string LineOf(ref readonly PipelineEvent e)
    {
        var what = e.Header.Kind switch
        {
            EventKind.TradeQualified => $"signal {e.Header.CorrelationId} {e.Decision.Side} {e.Decision.Quantity}: "
                + $"{e.Verdict.ApprovedQuantity} approved as parent {e.Verdict.ParentId}, {e.Verdict.Violations}",
            EventKind.ExecutionReport => $"{e.Payload.ExecutionReport.Kind} of order {e.Header.CorrelationId}: "
                + $"{e.Payload.ExecutionReport.CumulativeQuantity} of {e.Payload.ExecutionReport.OrderQuantity} at "
                + $"{e.Payload.ExecutionReport.VenueTimeNs}, "
                + $"{e.Resolution.Booked} booked, {e.Resolution.Disposition}",
            EventKind.Command => $"{e.Payload.Command.Kind}",
            EventKind.Timer => $"{e.Payload.Timer.Owner} {e.Payload.Timer.Subject}",
            _ => $"{e.Payload.MarketUpdate.BidPriceE9} {e.Payload.MarketUpdate.AskPriceE9}",
        };
        return $"event at {e.Header.TimeNs}, {e.Header.Kind} of instrument {e.Header.InstrumentIndex}: {what}";
    }

    /// <summary>An event of the journal after a crash: it must be the one that was put on the ring.</summary>
    public void OnRead(long sequence, ref readonly PipelineEvent e) => Violations.Hold(
        sequence < _inputs.Count && _inputs[(int)sequence] == ChainDigest.OfInput(in e),
        () => $"event {sequence} of the journal is not the one that was put on the ring");

    /// <summary>The same of one that a start has replayed.</summary>
    public void OnRecovered(long sequence, ref readonly PipelineEvent e)
    {
        OnRead(sequence, in e);
        if (sequence == _digests.Count)
            OnReplayed(sequence, in e);
    }

    /// <summary>The journal was read to its end after a crash.</summary>
    public void OnJournalRead(long end, bool isPowerFailure, bool hadRoom)
    {
        if (end < _digests.Count)
        {
            Violations.Add(
                $"the journal ends before event {end} after a restart, and events up to {_digests.Count - 1} had been "
                + "handled, whose orders may have left");
        }
        else if (!isPowerFailure && hadRoom && end < _inputs.Count)
        {
            Violations.Add($"the journal ends before event {end}, and a kill must lose none of {_inputs.Count}");
        }

        if (end < _inputs.Count)
            _inputs.RemoveRange((int)end, (int)(_inputs.Count - end));
    }

    /// <summary>A chain was recovered: its state has to be that of the chain that never was restarted.</summary>
    public void OnRecovered(StageChain chain)
    {
        Violations.Hold(
            AfterLoad is not null || ChainSnapshot.HashOf(chain) == _twin.StateHash,
            () => $"the state recovered before event {_digests.Count} has another hash than that before the crash");
        _account.Check(chain);
    }

    /// <summary>Plants a fault into a recovered chain.</summary>
    public void Spoil(StageChain chain)
    {
        if (Mutant == Mutant.BooksTwiceAfterRestart && _lastTrade.LastQuantity > 0)
        {
            chain.Context.Portfolio.Execute(
                _lastTrade.InstrumentIndex, _lastTrade.Side, _lastTrade.LastQuantity, _lastTrade.LastPriceE9,
                _lastTrade.FeeE6);
        }
    }
}
