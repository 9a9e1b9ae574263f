using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Models;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Recovery;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Timers;

namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>
/// The ring's only writer: takes messages and venue reports in, gives each the time, refuses what is bad with a
/// reason, and puts the rest on the ring. It takes no more from the transport than the ring has room for, so that a
/// burst waits there and the sender is held back, and nothing is lost. Commands are taken in each turn, whatever else
/// waits: slots are kept free for a kill, which closes the gate to the venue as it comes in.
/// </summary>
public sealed class IngressAgent : IHotAgent, IReportReceiver, IMessageReceiver
{
    /// <summary>The most signals that one turn takes in.</summary>
    public const int SignalLimit = 4;

    private const int MarketLimit = 8;
    private const int CommandLimit = 4;

    /// <summary>So long without a report, nothing is taken to be on its way any more.</summary>
    internal const long QuietNs = 100_000_000;

    private const int WaitingKills = 16;
    private const int WaitingCommands = 1_024;
    internal const long RiskPeriodNs = 1_000_000_000;

    /// <summary>So many idle turns are between two looks at the clock; a power of two.</summary>
    private const int IdleTurns = 64;

    private readonly EventRing _ring;
    private readonly IngressInputs _inputs;
    private readonly MessageReader _reader;
    private readonly PriceCheck _prices;
    private readonly EventCheck _check;
    private readonly IEventClock _clock;
    private readonly RejectionPublisher _rejections;
    private readonly StageChain _chain;
    private readonly KillGate _gate;
    private readonly int _instrumentCount;
    private readonly CommandQueue _kills = new(WaitingKills);
    private readonly CommandQueue _commands = new(WaitingCommands);
    private readonly TimerWheel _timers;
    private readonly TimerRequests _requests;
    private EventHeader _header;
    private EventPayload _payload;
    private long _lastTimeNs;
    private int _idleTurns;
    private InboundMessages _polled;
    private int _ending;
    private long _quietSinceNs;
    private bool _isQuiet;

    public IngressAgent(
        EventRing ring,
        IngressInputs inputs,
        StageAssembly assembly,
        IEventClock clock,
        RejectionPublisher rejections,
        StageChain chain,
        KillGate gate,
        TimerRequests timers,
        RecoveredRun? run = null)
    {
        _ring = ring;
        _inputs = inputs;
        _reader = new MessageReader(assembly.InstrumentIds);
        _prices = new PriceCheck(assembly.Instruments);
        _check = new EventCheck(assembly.Instruments.Count);
        _clock = clock;
        _rejections = rejections;
        _chain = chain;
        _gate = gate;
        _requests = timers;
        _instrumentCount = assembly.Instruments.Count;
        _lastTimeNs = run?.TimeNs ?? 0;
        _timers = run?.Timers ?? new TimerWheel(TimerWheel.PipelineCapacity, NowNs());
        if (run is null)
            _timers.TrySet(_lastTimeNs + RiskPeriodNs, TimerOwner.Risk, out _);
    }

    public string Name => "ingress";

    /// <summary>Prepares commands on models; null: they are refused.</summary>
    public ModelLoader? Models { get; init; }

    /// <summary>What the pipeline itself tells the stages. Default: nothing.</summary>
    public ICommandSource[] OwnCommands { get; init; } = [];

    /// <summary>Limits that shall be changed.</summary>
    public LimitRequests Limits { get; } = new();

    /// <summary>Signals put on the ring.</summary>
    public long SignalsAdmitted { get; private set; }

    /// <summary>Market updates put on the ring.</summary>
    public long MarketUpdatesAdmitted { get; private set; }

    /// <summary>Timers put on the ring.</summary>
    public long Ticks { get; private set; }

    /// <summary>Reports of venues taken in, those too that were refused.</summary>
    public long ReportsTaken { get; private set; }

    /// <summary>
    /// Messages that were handed over in the very turn in which a stage failed, and that nobody handles any more.
    /// </summary>
    public long Abandoned { get; private set; }

    public RejectCounters Rejects => _rejections.Counters;

    /// <summary>
    /// Whether, after the input has been closed, nothing is under way any more: no command, no report, no event on the
    /// ring, and no order at a venue but those that are left there. Any thread may ask.
    /// </summary>
    // Paired with the write in AwaitQuiet.
    internal bool IsQuiet => Volatile.Read(ref _isQuiet);

    /// <summary>Slots beside those that are kept free for a kill.</summary>
    private int Room => _ring.RemainingCapacity - _instrumentCount;

    bool IReportReceiver.HasRoom => Room > 0;

    /// <summary>
    /// Closes the gate to the venue, and puts a kill command for all instruments on the ring before anything else is
    /// taken in. From any thread, before the start too; of several requests at a time the first counts.
    /// </summary>
    /// <param name="reason">Not 0; see <see cref="CommandReason"/>.</param>
    public void RequestKill(int reason) => _gate.Request(reason);

    // Paired with the write in CloseInput.
    internal bool IsEnding => Volatile.Read(ref _ending) != 0;

    /// <summary>Only where an end was asked for.</summary>
    private OrdersAtEnd AtEnd => (OrdersAtEnd)(_ending - 1);

    /// <summary>The time of the last event.</summary>
    internal long LastTimeNs => _lastTimeNs;

    /// <summary>The timers that are set. When the thread has ended.</summary>
    internal TimerWheel Timers => _timers;

    /// <summary>
    /// Takes in what venues have reported after a failure, so that it is recorded. On ingress's thread. Returns whether
    /// there was anything.
    /// </summary>
    internal bool TakeReports()
    {
        var isAny = _inputs.Reports.Drain(this);
        _ring.Flush();
        return isAny;
    }

    /// <summary>From the next turn on no signal and no market update is taken in. From any thread, once.</summary>
    /// <param name="orders">What becomes of the orders that rest, and of positions.</param>
    internal void CloseInput(OrdersAtEnd orders) => Volatile.Write(ref _ending, 1 + (int)orders);

    public int DoWork()
    {
        // Kill goes before everything else. Paired with the exchange in KillGate.Request.
        if (_gate.HasRequest)
            KillAsRequested();

        TakeOwnCommands();
        var work = TakeCommands();

        // Reports come before anything new: what is known of orders must not grow old behind signals.
        work += _inputs.Reports.Drain(this) ? 1 : 0;

        if (!IsEnding && !_inputs.Reports.IsAboveHighWater)
        {
            work += Poll(_inputs.Signals, InboundMessages.Signals, SignalLimit);
            work += Poll(_inputs.Market, InboundMessages.Market, MarketLimit);
        }

        work += TakeTimers(isIdle: work == 0);
        _ring.Flush();
        if (IsEnding)
            AwaitQuiet(work > 0);
        return work;
    }

    /// <summary>Each stream admits its own messages: whoever sends signals cannot release the kill switch.</summary>
    private int Poll(IMessageSource source, InboundMessages carried, int limit)
    {
        _polled = carried;
        return source.Poll(this, Math.Clamp(Room, 0, limit));
    }

    void IReportReceiver.OnReport(in ExecutionReport report)
    {
        ReportsTaken++;
        if (!_check.IsReport(in report, out var rejection))
        {
            _rejections.Refuse(in rejection, NowNs());
            return;
        }

        _header = default;
        _header.Kind = EventKind.ExecutionReport;
        _header.InstrumentIndex = report.InstrumentIndex;
        _header.TimeNs = NowNs();
        _header.CorrelationId = report.OrderId;
        _payload = new EventPayload { ExecutionReport = report };
        EventCheck.LeaveOutStrangeTime(ref _payload.ExecutionReport, _header.TimeNs, _clock.WallAheadNs());
        Publish();
    }

    void IMessageReceiver.OnMessage(ReadOnlySpan<byte> message, bool isWhole)
    {
        if (_ring.IsFaulted)
        {
            Abandoned++;
            return;
        }

        var timeNs = NowNs();
        if (!isWhole)
            RefuseFragment(timeNs);
        else if (_reader.TryRead(message, _polled, timeNs, ref _header, ref _payload, out var rejection)
            && _prices.IsBelievable(in _header, in _payload, out rejection))
            AdmitInEventTime();
        else
            _rejections.Refuse(in rejection, timeNs);
    }

    /// <summary>Senders stamp with the system's real time, which somebody may have stepped.</summary>
    private void AdmitInEventTime()
    {
        var aheadNs = _clock.WallAheadNs();
        if (aheadNs != 0)
            SenderStamps.Shift(_header.Kind, ref _payload, aheadNs);

        Admit();
    }

    private void Admit()
    {
        switch (_header.Kind)
        {
            case EventKind.TradeQualified:
                SignalsAdmitted++;
                _header.SlowBackend = _chain.Pace.IsBypassed(_header.TimeNs) ? (byte)1 : (byte)0;
                Publish();
                break;
            case EventKind.Command:
                Keep();
                break;
            case EventKind.Model:
                RequestModels();
                break;
            case EventKind.MarketUpdate:
                MarketUpdatesAdmitted++;
                Publish();
                break;
        }
    }

    private void Publish()
    {
        if (!_ring.TryClaim(out var sequence))
            ThrowNoRoom();

        ref var e = ref _ring[sequence];
        e.Header = _header;
        e.Payload = _payload;
        e.Timestamps.ReceivedNs = _header.TimeNs;
        _ring.Publish(sequence);
    }

    /// <summary>
    /// Polls the commands whatever waits, and puts on the ring what fits: kills into the slots that are kept for them.
    /// </summary>
    private int TakeCommands()
    {
        _polled = InboundMessages.Commands;
        var isRoomy = _commands.HasRoomFor(CommandLimit) && _kills.HasRoomFor(CommandLimit);
        var work = isRoomy ? _inputs.Commands.Poll(this, CommandLimit) : 0;
        Limits.MoveTo(_commands, _lastTimeNs);
        while (!_kills.IsEmpty && _ring.RemainingCapacity >= EventsOf(_kills))
            PublishOldest(_kills);
        while (!_commands.IsEmpty && Room >= EventsOf(_commands))
            PublishOldest(_commands);

        if (Models is { HasAnswer: true } && Room > 0)
            TakeModelCommand();

        return work;
    }

    /// <summary>A command waits for its events' room; a kill closes the gate meanwhile, and overtakes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Keep()
    {
        var isKill = _payload.Command.Kind == CommandKind.Kill;
        (isKill ? _kills : _commands).Add(in _header, in _payload.Command);
        if (!isKill)
            return;

        _commands.OverruleResumes(Math.Min(_payload.Command.SendTimeNs, _header.TimeNs));
        _gate.Announce(_header.InstrumentIndex == MessageReader.AllInstruments ? _instrumentCount : 1);
    }

    /// <summary>What ends orders goes to each instrument; releasing the kill switch once is enough.</summary>
    private int EventsOf(CommandQueue queue) =>
        queue.Header.InstrumentIndex == MessageReader.AllInstruments && queue.Command.Kind != CommandKind.Resume
            ? _instrumentCount
            : 1;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PublishOldest(CommandQueue queue)
    {
        var isForAll = queue.Header.InstrumentIndex == MessageReader.AllInstruments;
        var events = EventsOf(queue);
        _header = queue.Header;
        _payload = default;
        _payload.Command = queue.Command;
        queue.RemoveOldest();
        _header.TimeNs = NowNs();
        for (var instrument = 0; instrument < events; instrument++)
        {
            if (isForAll)
                _header.InstrumentIndex = instrument;
            Publish();
        }
    }

    private void TakeOwnCommands()
    {
        foreach (var source in OwnCommands)
        {
            if (source.IsDue)
                TakeOwn(source);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeOwn(ICommandSource source)
    {
        if (_commands.HasRoomFor(1) && source.TryTake(NowNs(), out var command))
            _commands.Add(new EventHeader { Kind = EventKind.Command, TimeNs = _lastTimeNs }, in command);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void KillAsRequested()
    {
        if (!_kills.HasRoomFor(1))
            return;

        _commands.OverruleResumes(NowNs());
        var reason = _gate.TakeRequest(_instrumentCount);
        _kills.Add(ForAll(), new Command { Kind = CommandKind.Kill, Reason = reason, SendTimeNs = _lastTimeNs });
    }

    /// <summary>Ends what shall not be left, once, and looks whether nothing moves.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AwaitQuiet(bool isBusy)
    {
        var nowNs = NowNs();
        if (_quietSinceNs == 0)
        {
            if (!_commands.HasRoomFor(1))
                return;

            _quietSinceNs = nowNs;
            if (AtEnd != OrdersAtEnd.Leave)
                EndOrders(AtEnd == OrdersAtEnd.Flatten ? CommandKind.CloseAll : CommandKind.CancelAll);
            return;
        }

        // The ring first: until it is drained, a stage may still send an order, or report of one. A close is a parent
        // order until its instrument is flat.
        var routing = _chain.Routing;
        if (isBusy || !_ring.IsDrained || !_commands.IsEmpty || !_kills.IsEmpty || _inputs.Reports.Waiting > 0
            || (AtEnd != OrdersAtEnd.Leave && routing.Orders.WorkingOrders > 0)
            || (AtEnd == OrdersAtEnd.Flatten && routing.WorkingParents > 0))
            _quietSinceNs = nowNs;
        // Answers to orders that were sent a moment ago may be on their way to a venue's queue.
        else if (AtEnd != OrdersAtEnd.Leave || nowNs - _quietSinceNs >= QuietNs)
            Volatile.Write(ref _isQuiet, true);
    }

    private void EndOrders(CommandKind kind) => _commands.Add(ForAll(), new Command
    {
        Kind = kind,
        Reason = CommandReason.Host,
        SendTimeNs = _lastTimeNs,
    });

    private EventHeader ForAll() =>
        new() { Kind = EventKind.Command, InstrumentIndex = MessageReader.AllInstruments, TimeNs = NowNs() };

    /// <summary>
    /// Puts the timers that are due on the ring. While events come in, their time says what is due; else the clock is
    /// looked at now and then.
    /// </summary>
    private int TakeTimers(bool isIdle)
    {
        if (isIdle && (++_idleTurns & (IdleTurns - 1)) != 0)
            return 0;

        _requests.MoveTo(_timers);
        var nowNs = isIdle ? Math.Max(_lastTimeNs, _clock.NowNs()) : _lastTimeNs;
        var taken = 0;
        for (; Room > 0 && _timers.TryTake(nowNs, out var due); taken++)
            PublishTimer(due);
        return taken;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PublishTimer(DueTimer due)
    {
        _header = new EventHeader { Kind = EventKind.Timer, TimeNs = NowNs(), CorrelationId = due.Id };
        _payload = default;
        _payload.Timer = due.Tick;
        var nowNs = _header.TimeNs;
        Publish();
        Ticks++;

        if (due.Owner != TimerOwner.Risk)
            return;

        _timers.TrySet(NextRiskTimerNs(due.DueNs, nowNs), due.Owner, out _);
    }

    /// <summary>The next second of the same row that is still to come: a gap is told of once.</summary>
    internal static long NextRiskTimerNs(long dueNs, long nowNs) =>
        dueNs + ((nowNs - dueNs) / RiskPeriodNs + 1) * RiskPeriodNs;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RequestModels()
    {
        if (Models == null || !Models.TryRequest(in _payload.Command))
            RefuseModels(_payload.Command.CommandId);
    }

    /// <summary>A command goes on the ring when its models are loaded, behind what came in meanwhile.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeModelCommand()
    {
        _payload = default;
        if (!Models!.TryTake(out _payload.Command))
        {
            RefuseModels(_payload.Command.CommandId);
            return;
        }

        _header = new EventHeader
        {
            Kind = EventKind.Model,
            TimeNs = NowNs(),
            CorrelationId = _payload.Command.CommandId,
        };
        // What decides at the start was sent by nobody.
        if (_payload.Command.SendTimeNs == 0)
            _payload.Command.SendTimeNs = _header.TimeNs;
        Publish();
    }

    private void RefuseModels(ulong commandId)
    {
        var rejection = new Rejection
        {
            Reason = RejectReason.ModelRefused,
            TemplateId = CommandLayout.TemplateId,
            InstrumentId = WireNull.UInt32,
            CorrelationId = commandId,
            Value = double.NaN,
        };
        _rejections.Refuse(in rejection, NowNs());
    }

    /// <summary>Time never runs backwards on the ring, whatever is done to the system's clock.</summary>
    private long NowNs() => _lastTimeNs = Math.Max(_lastTimeNs, _clock.NowNs());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RefuseFragment(long timeNs)
    {
        var rejection = new Rejection
        {
            Reason = RejectReason.Fragmented,
            InstrumentId = WireNull.UInt32,
            CorrelationId = WireNull.UInt64,
            Value = double.NaN,
        };
        _rejections.Refuse(in rejection, timeNs);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowNoRoom() =>
        throw new InvalidOperationException("ingress took in more than the ring had room for");
}
