using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Recovery;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Timers;
using ExecutionPipeline.Simulation.Disk;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Simulation.World;

/// <summary>
/// One life of the pipeline's process, from a start to a kill, on the caller's thread and by virtual time: ingress's
/// work, the ring in the inline topology with its journal, the stages, and the gate to the venue. It recovers as every
/// pipeline does.
/// </summary>
internal sealed class SimulatedProcess : IReportReceiver, IEventObserver
{
    private const long SecondNs = 1_000_000_000;
    private const int TimerCapacity = 8_192;

    private readonly SimulatedWorld _world;
    private readonly TradingFault _fault = new();
    private readonly ReportInbox _inbox;
    private readonly TimerRequests _requests = new();
    private readonly RequestTap _tap;
    private readonly ProcessGateway _gateway;
    private readonly EventCheck _check;
    private readonly PriceCheck _prices;
    private readonly KillGate _gate;
    private readonly RunState _state;
    private ICommandSource[] _sources = [];
    private TimerWheel _timers;
    private EventJournal? _journal;
    private EventRing? _ring;
    private long _handled;
    private int _waiting;

    public SimulatedProcess(SimulatedWorld world, string folder)
    {
        _world = world;
        var options = world.Options;
        _inbox = new ReportInbox(options.Ring.Size, options.Exchange.ProtectionTicks);
        var refusals = _inbox.OpenQueue();
        FromVenue = _inbox.OpenQueue();
        _timers = new TimerWheel(TimerCapacity, world.StartNs);
        _gateway = new ProcessGateway(world.Venue.Gateway, world.Limits);
        _gate = new KillGate(_fault);
        var gated = new GatedVenue(_gateway, _gate, refusals);
        _tap = new RequestTap(gated);
        var results = new ResultHash();
        Chain = world.Assembly.CreateChain(new ChainOutputs
        {
            Backend = world.NewBackend(),
            Venue = new Venue(_tap),
            Refusals = refusals,
            Timers = _requests,
            Outbound = new NullSink(),
            Gate = _gate,
            Results = results,
        });
        Chain.Observer = this;
        _state = new RunState(folder, new RunParts
        {
            Options = options,
            Chain = Chain,
            Results = results,
            Requests = _requests,
            Reports = _inbox,
            Models = new RecoveredModels(null, Chain.Inference.Models),
            Venues = [gated],
            Refusals = world.Mutant == Mutant.LosesOwnReports ? new ReplayedVenue() : refusals,
            TimerCapacity = TimerCapacity,
        });
        _check = new EventCheck(world.Assembly.Instruments.Count);
        _prices = new PriceCheck(world.Assembly.Instruments);
        TimeNs = world.StartNs;
    }

    public StageChain Chain { get; }

    public IReportSink FromVenue { get; }

    /// <summary>The time of the last event.</summary>
    public long TimeNs { get; private set; }

    public ProcessGateway Gateway => _gateway;

    /// <summary>Why trading ended; null: it has not.</summary>
    public FaultReport? Fault => _fault.First;

    /// <summary>Whether the stages know what became of every order before the start.</summary>
    public bool IsReconciled => _sources is not [RestartWatch { IsAnswered: false }, ..];

    bool IReportReceiver.HasRoom => true;

    /// <summary>Puts this new process where the folder's journal ends.</summary>
    /// <exception cref="InvalidDataException">The journal does not fit.</exception>
    /// <exception cref="IOException">It is damaged.</exception>
    public RecoveredRun? Recover()
    {
        var run = _state.Recover(first =>
        {
            if (first > 0)
                _world.AfterLoad?.Invoke(Chain);
        });
        _tap.TakeHash();
        _handled = run?.Position.Sequence ?? 0;
        return run;
    }

    /// <summary>Begins to live behind what was recovered.</summary>
    public void Begin(RecoveredRun? run, VirtualDisk disk, VirtualClock clock)
    {
        _journal = _state.OpenJournal(run, disk, clock);
        _gate.Journal = _journal;
        var watch = new JournalWatch(_journal);
        if (run is null)
        {
            _timers.TrySet(_world.StartNs + SecondNs, TimerOwner.Risk, out _);
            _sources = [watch];
        }
        else
        {
            (_timers, TimeNs) = (run.Timers, run.TimeNs);
            _sources = [new RestartWatch(Chain.Routing, run, timeoutMs: 0, operatorId: 0), watch];
        }

        _ring = new EventRing(_world.Options.Ring, Chain, new ThreadRoster(), _fault, _journal);
        _ring.Start();
    }

    /// <summary>Writes a snapshot, when nothing waits. Returns why it was not written; null: it was.</summary>
    public string? Save()
    {
        var timers = _world.Mutant == Mutant.SnapshotLacksTimers
            ? new TimerWheel(TimerCapacity, _world.StartNs)
            : _timers;
        return _state.Save(_handled, TimeNs, timers);
    }

    /// <summary>Takes an input in, if its fields can be admitted. A batch is handled by <see cref="Flush"/>.</summary>
    public void Take(in EventHeader header, in EventPayload payload)
    {
        if (_fault.IsLatched
            || !_check.IsInput(in header, in payload, out _)
            || !_prices.IsBelievable(in header, in payload, out _))
            return;

        if (header.Kind == EventKind.Command && payload.Command.Kind == CommandKind.Kill)
            _gate.Announce(1);
        if (!_ring!.TryClaim(out var sequence))
            throw new InvalidOperationException("the ring has no room");

        ref var e = ref _ring[sequence];
        e = default;
        e.Header = header;
        e.Header.TimeNs = TimeNs = Math.Max(TimeNs, header.TimeNs);
        e.Payload = payload;
        _world.OnPublish(in e);
        _waiting++;
        _ring.Publish(sequence);
        if (_waiting >= _world.MostInBatch)
            Flush();
    }

    /// <summary>Brings onto the disk and handles what waits. The keeper lays segments ready meanwhile.</summary>
    public void Flush()
    {
        if (_waiting == 0)
            return;

        _waiting = 0;
        _ring!.Flush();
        _journal!.Keeper.TakeTurn(TimeNs / 1_000_000);
    }

    /// <summary>Handles what was reported, and what that leads to, until nothing more comes.</summary>
    public void Settle()
    {
        Flush();
        while (_inbox.Drain(this) && !_fault.IsLatched)
            Flush();
        _requests.MoveTo(_timers);
    }

    /// <summary>Lets all timers fire that are due by a time.</summary>
    public void AdvanceTo(long timeNs)
    {
        Settle();
        while (!_fault.IsLatched && _timers.TryTake(timeNs, out var due))
        {
            var header = new EventHeader
            {
                Kind = EventKind.Timer,
                TimeNs = Math.Max(TimeNs, due.DueNs),
                CorrelationId = due.Id,
            };
            EventPayload payload = default;
            payload.Timer = due.Tick;
            Take(in header, in payload);
            if (due.Owner == TimerOwner.Risk)
                _timers.TrySet(IngressAgent.NextRiskTimerNs(due.DueNs, header.TimeNs), TimerOwner.Risk, out _);
            Settle();
        }
    }

    /// <summary>The keeper's turn, and what the stages are to be told of the journal.</summary>
    public void Keep(long timeNs)
    {
        _journal!.Keeper.TakeTurn(timeNs / 1_000_000);
        foreach (var source in _sources)
        {
            if (source.IsDue && source.TryTake(timeNs, out var command))
                Command(command, 0, timeNs);
        }
    }

    /// <summary>Takes a command in.</summary>
    public void Command(in Command command, int instrument, long timeNs)
    {
        var header = new EventHeader { Kind = EventKind.Command, InstrumentIndex = instrument, TimeNs = timeNs };
        EventPayload payload = default;
        payload.Command = command;
        Take(in header, in payload);
    }

    /// <summary>The process is to end: what shall not be left is ended.</summary>
    public void End(OrdersAtEnd orders, long timeNs)
    {
        Settle();
        if (orders == OrdersAtEnd.Leave)
            return;

        var command = new Command
        {
            Kind = orders == OrdersAtEnd.Flatten ? CommandKind.CloseAll : CommandKind.CancelAll,
            Reason = CommandReason.Host,
            SendTimeNs = timeNs,
        };
        for (var instrument = 0; instrument < _world.Assembly.Instruments.Count; instrument++)
            Command(command, instrument, timeNs);
        Settle();
    }

    void IReportReceiver.OnReport(in ExecutionReport report)
    {
        var header = new EventHeader
        {
            Kind = EventKind.ExecutionReport,
            InstrumentIndex = report.InstrumentIndex,
            TimeNs = TimeNs,
            CorrelationId = report.OrderId,
        };
        EventPayload payload = default;
        payload.ExecutionReport = report;
        Take(in header, in payload);
    }

    public void OnHandled(ref readonly PipelineEvent e, ActionLog actions) =>
        _world.OnHandled(_handled++, in e, actions, ChainDigest.Of(in e, actions, _tap.TakeHash()), Chain);

    /// <summary>The process is gone: nothing leaves it any more.</summary>
    public void Kill()
    {
        _gateway.IsMuted = true;
        _ring?.Dispose();
    }
}
