using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Models;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>
/// The ring's only writer: takes messages and venue reports in, gives each the time, refuses what is bad with a
/// reason, and puts the rest on the ring. It takes no more from the transport than the ring has room for, so that a
/// burst waits there and the sender is held back, and nothing is lost.
/// </summary>
public sealed class IngressAgent : IHotAgent, IReportReceiver, IMessageReceiver
{
    /// <summary>The most signals that one turn takes in.</summary>
    public const int SignalLimit = 4;

    private const int MarketLimit = 8;
    private const long TickNs = 1_000_000_000;

    /// <summary>So many idle turns are between two looks at the clock; a power of two.</summary>
    private const int IdleTurns = 64;

    private readonly EventRing _ring;
    private readonly IngressInputs _inputs;
    private readonly MessageReader _reader;
    private readonly PriceCheck _prices;
    private readonly IEventClock _clock;
    private readonly RejectionPublisher _rejections;
    private readonly BackendPace _pace;
    private readonly int _instrumentCount;
    private EventHeader _header;
    private EventPayload _payload;
    private long _lastTimeNs;
    private int _idleTurns;
    private int _killReason;

    public IngressAgent(
        EventRing ring,
        IngressInputs inputs,
        StageAssembly assembly,
        IEventClock clock,
        RejectionPublisher rejections,
        BackendPace pace)
    {
        _ring = ring;
        _inputs = inputs;
        _reader = new MessageReader(assembly.InstrumentIds);
        _prices = new PriceCheck(assembly.Instruments);
        _clock = clock;
        _rejections = rejections;
        _pace = pace;
        _instrumentCount = assembly.Instruments.Count;
    }

    public string Name => "ingress";

    /// <summary>Prepares commands on models; null: they are refused.</summary>
    public ModelLoader? Models { get; init; }

    /// <summary>Signals put on the ring.</summary>
    public long SignalsAdmitted { get; private set; }

    /// <summary>Market updates put on the ring.</summary>
    public long MarketUpdatesAdmitted { get; private set; }

    /// <summary>Timers put on the ring.</summary>
    public long Ticks { get; private set; }

    public RejectCounters Rejects => _rejections.Counters;

    /// <summary>
    /// Puts a kill command for all instruments on the ring before anything else is taken in. From any thread, before
    /// the start too; of several requests at a time the first counts.
    /// </summary>
    /// <param name="reason">Not 0; see <see cref="CommandReason"/>.</param>
    public void RequestKill(int reason) => Interlocked.CompareExchange(ref _killReason, reason, 0);

    /// <summary>A message on any stream can be a command, which goes to each instrument.</summary>
    private int MessagesThatFit => _ring.RemainingCapacity / _instrumentCount;

    public int DoWork()
    {
        var room = _ring.RemainingCapacity;
        if (room <= _instrumentCount)
            return 0;

        // Paired with the exchange in RequestKill.
        if (Volatile.Read(ref _killReason) != 0)
            Kill();

        if (Models is { HasAnswer: true } && _ring.RemainingCapacity > _instrumentCount)
            TakeModelCommand();

        // Reports come before anything new: what is known of orders must not grow old behind signals.
        var work = _inputs.Reports.TryDrain(this) ? 1 : 0;
        if (_inputs.Reports.IsAboveHighWater)
            return work;

        if (_ring.RemainingCapacity > _instrumentCount)
            work += _inputs.Commands.Poll(this, 1);

        work += _inputs.Signals.Poll(this, Math.Min(SignalLimit, MessagesThatFit));
        work += _inputs.Market.Poll(this, Math.Min(MarketLimit, MessagesThatFit));
        return work > 0 ? work : Tick();
    }

    /// <summary>What waits for time to pass must not wait for a message: a second without an event is one.</summary>
    private int Tick()
    {
        if ((++_idleTurns & (IdleTurns - 1)) != 0 || _ring.RemainingCapacity == 0)
            return 0;

        var dueNs = _lastTimeNs + TickNs;
        if (_clock.NowNs() < dueNs)
            return 0;

        _header = new EventHeader { Kind = EventKind.Timer, TimeNs = NowNs() };
        _payload = default;
        _payload.Timer.DueTimeNs = dueNs;
        Publish();
        Ticks++;
        return 1;
    }

    public bool IsReadyAfter(in ExecutionReport report)
    {
        _header = default;
        _header.Kind = EventKind.ExecutionReport;
        _header.InstrumentIndex = report.InstrumentIndex;
        _header.TimeNs = NowNs();
        _header.CorrelationId = report.OrderId;
        _payload = default;
        _payload.ExecutionReport = report;
        Publish();
        return _ring.RemainingCapacity > 0;
    }

    void IMessageReceiver.OnMessage(ReadOnlySpan<byte> message, bool isWhole)
    {
        var timeNs = NowNs();
        if (!isWhole)
            RefuseFragment(timeNs);
        else if (_reader.TryRead(message, InboundMessages.All, timeNs, ref _header, ref _payload, out var rejection)
            && _prices.IsBelievable(in _header, in _payload, out rejection))
            Admit();
        else
            _rejections.Refuse(in rejection, timeNs);
    }

    private void Admit()
    {
        switch (_header.Kind)
        {
            case EventKind.TradeQualified:
                SignalsAdmitted++;
                _header.SlowBackend = _pace.IsBypassed(_header.TimeNs) ? (byte)1 : (byte)0;
                Publish();
                break;
            case EventKind.Command when _header.InstrumentIndex == MessageReader.AllInstruments:
                PublishForEachInstrument();
                break;
            case EventKind.Model:
                RequestModels();
                break;
            case EventKind.MarketUpdate:
                MarketUpdatesAdmitted++;
                Publish();
                break;
            default:
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

    /// <summary>What ends orders goes to each instrument; releasing the kill switch once is enough.</summary>
    private void PublishForEachInstrument()
    {
        var count = _payload.Command.Kind == CommandKind.Resume ? 1 : _instrumentCount;
        for (var instrument = 0; instrument < count; instrument++)
        {
            _header.InstrumentIndex = instrument;
            Publish();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Kill()
    {
        _header = new EventHeader { Kind = EventKind.Command, TimeNs = NowNs() };
        _payload = default;
        _payload.Command = new Command
        {
            Kind = CommandKind.Kill,
            Reason = Interlocked.Exchange(ref _killReason, 0),
            SendTimeNs = _header.TimeNs,
        };
        PublishForEachInstrument();
    }

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
