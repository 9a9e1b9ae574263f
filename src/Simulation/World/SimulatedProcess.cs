using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Snapshots;
using ExecutionPipeline.Pipeline.Timers;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Simulation.World;

/// <summary>
/// One life of the pipeline's process, from a start to a kill, on the caller's thread and by virtual time: ingress's
/// work, the ring in the inline topology with its journal, the stages, and the gate to the venue.
/// </summary>
internal sealed class SimulatedProcess : IReportReceiver, IEventObserver
{
    private const long SecondNs = 1_000_000_000;
    private const int TimerCapacity = 8_192;

    private readonly SimulatedWorld _world;
    private readonly TradingFault _fault = new();
    private readonly ReportInbox _inbox;
    private readonly OwnReports _own;
    private readonly TimerRequests _requests = new();
    private readonly TimerWheel _timers;
    private readonly RequestTap _tap;
    private readonly ProcessGateway _gateway;
    private readonly EventCheck _check;
    private readonly PriceCheck _prices;
    private EventJournal? _journal;
    private JournalWatch? _watch;
    private KillGate _gate;
    private EventRing? _ring;
    private PipelineEvent _replayed;
    private long _handled;
    private int _waiting;

    public SimulatedProcess(SimulatedWorld world)
    {
        _world = world;
        var options = world.Options;
        _inbox = new ReportInbox(options.Ring.Size, options.Exchange.ProtectionTicks);
        _own = new OwnReports(_inbox.OpenQueue());
        FromVenue = _inbox.OpenQueue();
        _timers = new TimerWheel(TimerCapacity, world.StartNs);
        _timers.TrySet(world.StartNs + SecondNs, TimerOwner.Risk, out _);
        _gateway = new ProcessGateway(world.Venue.Gateway, world.Limits);
        _gate = new KillGate(_fault);
        var gated = new SwitchedGateway { Target = _gateway };
        Gated = gated;
        _tap = new RequestTap(gated);
        Chain = world.Assembly.CreateChain(new ChainOutputs
        {
            Backend = world.NewBackend(),
            Venue = new Venue(_tap),
            Refusals = _own,
            Timers = _requests,
            Outbound = new NullSink(),
        });
        Chain.Observer = this;
        _check = new EventCheck(world.Assembly.Instruments.Count);
        _prices = new PriceCheck(world.Assembly.Instruments);
        TimeNs = world.StartNs;
    }

    public StageChain Chain { get; }

    public IReportSink FromVenue { get; }

    /// <summary>The time of the last event.</summary>
    public long TimeNs { get; private set; }

    public ProcessGateway Gateway => _gateway;

    /// <summary>The sequence of the next event that is handled.</summary>
    public long Handled => _handled;

    /// <summary>Why trading ended; null: it has not.</summary>
    public FaultReport? Fault => _fault.First;

    public EventJournal Journal => _journal!;

    /// <summary>Whether events wait to be synced and handled.</summary>
    public bool HasWaiting => _waiting > 0;

    private SwitchedGateway Gated { get; }

    bool IReportReceiver.HasRoom => true;

    /// <summary>Puts this new process into a saved state.</summary>
    public void Load(Snapshot snapshot)
    {
        IStateful[] beside = _world.Mutant == Mutant.SnapshotLacksTimers ? [] : [_timers];
        ChainSnapshot.Load(snapshot, Chain, snapshot.Configuration, beside);
        _world.AfterLoad?.Invoke(Chain);
        _handled = snapshot.Sequence;
        TimeNs = snapshot.TimeNs;
    }

    /// <summary>The state between two events, when nothing waits.</summary>
    public Snapshot Save()
    {
        IStateful[] beside = _world.Mutant == Mutant.SnapshotLacksTimers ? [] : [_timers];
        return ChainSnapshot.Save(Chain, _world.Configuration, _handled, TimeNs, beside);
    }

    /// <summary>Handles an event of the journal again: nothing leaves, and no timer fires but by the journal.</summary>
    public void Replay(ref readonly PipelineEvent e)
    {
        _gateway.IsMuted = true;
        _own.IsKept = true;
        if (e.Header.Kind == EventKind.ExecutionReport)
            _own.Forget(in e.Payload.ExecutionReport);
        if (e.Header.Kind == EventKind.Timer)
            TakeAgain(in e);

        TimeNs = e.Header.TimeNs;
        _replayed = default;
        _replayed.Header = e.Header;
        _replayed.Payload = e.Payload;
        Chain.Run(ref _replayed);
        _requests.MoveTo(_timers);
    }

    /// <summary>Begins to live behind what was recovered.</summary>
    public void Begin(EventJournal journal)
    {
        _journal = journal;
        _watch = new JournalWatch(journal);
        _gate = new KillGate(_fault) { Journal = journal };
        Gated.Target = new GatedVenue(_gateway, _gate, _own);
        _gateway.IsMuted = false;
        _own.Release();
        _ring = new EventRing(_world.Options.Ring, Chain, new ThreadRoster(), _fault, journal);
        _ring.Start();
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

    /// <summary>Brings onto the disk and handles what waits.</summary>
    public void Flush()
    {
        if (_waiting == 0)
            return;

        _waiting = 0;
        _ring!.Flush();
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
            Renew(in due);
            Settle();
        }
    }

    /// <summary>The keeper's turn, and what the stages are to be told of the journal.</summary>
    public void Keep(long timeNs)
    {
        _journal!.Keeper.TakeTurn(timeNs / 1_000_000);
        if (_watch!.IsDue && _watch.TryTake(timeNs, out var command))
            Command(command, 0, timeNs);
    }

    /// <summary>Takes a command in.</summary>
    public void Command(in Command command, int instrument, long timeNs)
    {
        var header = new EventHeader { Kind = EventKind.Command, InstrumentIndex = instrument, TimeNs = timeNs };
        EventPayload payload = default;
        payload.Command = command;
        Take(in header, in payload);
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

    private void Renew(ref readonly DueTimer due)
    {
        if (due.Owner == TimerOwner.Risk)
            _timers.TrySet(due.DueNs + SecondNs, TimerOwner.Risk, out _);
    }

    private void TakeAgain(ref readonly PipelineEvent e)
    {
        var isSame = _timers.TryTake(e.Header.TimeNs, out var due) && due.Id == e.Header.CorrelationId;
        if (!isSame)
        {
            _world.Violations.Add(
                $"timer {e.Header.CorrelationId} of the journal is not the next of the recovered ones");
        }

        Renew(in due);
    }
}

/// <summary>
/// Routing's own reports on their way to ingress. In a replay the journal has those that had arrived; what is left at
/// its end had not, and comes now.
/// </summary>
internal sealed class OwnReports(IReportSink inbox) : IReportSink
{
    private readonly List<ExecutionReport> _kept = [];

    /// <summary>Whether reports are kept for now.</summary>
    public bool IsKept { get; set; }

    public void OnReport(in ExecutionReport report)
    {
        if (IsKept)
            _kept.Add(report);
        else
            inbox.OnReport(report);
    }

    /// <summary>The journal has a report.</summary>
    public void Forget(ref readonly ExecutionReport report)
    {
        var orderId = report.OrderId;
        var kind = report.Kind;
        var place = report.IsOfParent ? _kept.FindIndex(r => r.OrderId == orderId && r.Kind == kind) : -1;
        if (place >= 0)
            _kept.RemoveAt(place);
    }

    /// <summary>Hands on what was kept, and what comes.</summary>
    public void Release()
    {
        IsKept = false;
        foreach (var report in _kept)
            inbox.OnReport(report);
        _kept.Clear();
    }
}

/// <summary>A way to the venue whose gate is put in when the process begins to live.</summary>
internal sealed class SwitchedGateway : IVenueGateway
{
    public required IVenueGateway Target { get; set; }

    public void Submit(in Execution.Orders.Order order, long timeNs) => Target.Submit(order, timeNs);

    public void Cancel(in Execution.Orders.Order order, long timeNs) => Target.Cancel(order, timeNs);

    public void Replace(in Execution.Orders.Order order, in OrderTerms terms, long timeNs) =>
        Target.Replace(order, terms, timeNs);

    public void CancelAll(long timeNs) => Target.CancelAll(timeNs);

    public void RequestStatus(in Execution.Orders.Order order, long timeNs) => Target.RequestStatus(order, timeNs);

    public void RequestOpenOrders(long timeNs) => Target.RequestOpenOrders(timeNs);
}
