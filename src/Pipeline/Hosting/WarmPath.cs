using System.Diagnostics;
using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>
/// A second pipeline on a made-up market, of which nothing leaves. Run before the first event, it has all code on the
/// way compiled: else the first signal would wait some 30 ms for that. Run again and again while there is nothing to
/// do, it keeps code and models in the nearest caches. It shares the backend with the pipeline, and no state.
/// </summary>
internal sealed class WarmPath : IEventClock, IFragmentHandler, IDisposable
{
    private const string Channel = "aeron:ipc?term-length=64k";
    private const int Signals = 512;
    private const int TurnsPerSignal = 4;
    private const int PricesPerWave = 40;
    private const int Quantities = 7;
    private const int DaysOfWeek = 7;
    private const long BidE9 = 4_800_000_000_000;
    private const long TickE9 = 250_000_000;
    // Schedules of minutes end within some hundred turns, and make room for others.
    private const long StepNs = 250_000_000;
    private const long StartNs = 1_700_000_000_000_000_000;

    /// <summary>
    /// Its time ends here, some years before numbers do: after a month or two of turns at their fastest. What is kept
    /// warm grows cold then; a timer that is due beyond the greatest number would be due for ever.
    /// </summary>
    private const long LatestNs = 9_000_000_000_000_000_000;
    private const uint Instrument = 1;
    private const int StreamsBegin = 1 << 30;
    private const int StreamsOfOne = 4;
    private const long StreamNumbers = StreamsBegin / StreamsOfOne;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly byte[] _signal = new byte[TradeQualifiedEncoder.EncodedLength];
    private readonly byte[] _market = new byte[MarketUpdateEncoder.EncodedLength];
    private readonly IOutboundSink _signals;
    private readonly IOutboundSink _quotes;
    private long _nowNs;
    private ulong _sent;
    private uint _turns;

    /// <param name="options">Those of the pipeline that is kept warm.</param>
    /// <param name="backend">Its backend.</param>
    /// <param name="startNs">When its time begins, in nanoseconds since the Unix epoch.</param>
    public WarmPath(PipelineOptions options, IPolicyBackend backend, long startNs = StartNs)
        : this(Own(options, number: 0), backend, new LoopTransport(), startNs)
    {
    }

    private WarmPath(PipelineOptions own, IPolicyBackend backend, ITransport transport, long startNs)
    {
        _nowNs = startNs;
        Host = new PipelineHost(own, new PipelineParts
        {
            Transport = transport,
            Backend = backend,
            Clock = this,
            IsWatched = true,
            Room = new StageRoom { Orders = 256, OrderPlaces = 512, Parents = 256, Trades = 256, Actions = 4_096 },
        });
        _signals = transport.OpenOutbound(Channel, own.Streams.SignalStream);
        _quotes = transport.OpenOutbound(Channel, own.Streams.MarketStream);
    }

    public PipelineHost Host { get; }

    /// <summary>Signals that went through.</summary>
    public long SignalsSeen => Host.Chain.Telemetry.SignalsSeen;

    /// <summary>
    /// Has all code on the way compiled, that of the streams too, which are the driver's and this process's own.
    /// </summary>
    /// <param name="aeron">Stays the caller's.</param>
    /// <param name="options">Those of the pipeline that is to follow.</param>
    /// <param name="backend">Its backend, which nothing else uses yet.</param>
    /// <returns>Signals that went through; fewer than were to, where it would have taken too long.</returns>
    public static long Compile(AeronClient aeron, PipelineOptions options, IPolicyBackend backend)
    {
        LookAtCalendars(options);
        var own = Own(options, aeron.NextCorrelationId());
        using var transport = new AeronTransport(aeron);
        using var path = new WarmPath(own, backend, transport, StartNs);
        using var outbound = aeron.AddSubscription(Channel, own.Streams.OutboundStream);
        for (var waited = Stopwatch.StartNew(); path.SignalsSeen < Signals && waited.Elapsed < Longest;)
        {
            path.Turn();
            outbound.Poll(path, Signals);
        }

        return path.SignalsSeen;
    }

    /// <summary>
    /// The rules of holidays, which the made-up market does not have; a weekend's days do not ask them.
    /// </summary>
    private static void LookAtCalendars(PipelineOptions options)
    {
        var clock = new SystemEventClock();
        var nowNs = clock.NowNs() + clock.WallAheadNs();
        var rates = new CurrencyRates(options.Account.Currency, options.Account.Rates);
        foreach (var instrument in new InstrumentTable(options.Instruments, options.Calendars, rates).All)
        {
            var latest = instrument.Calendar.LatestDateAt(nowNs);
            for (var daysBefore = 0; daysBefore < DaysOfWeek; daysBefore++)
                instrument.Calendar.TryGetSession(latest.AddDays(-daysBefore), out _, out _);
        }
    }

    /// <summary>One turn of ingress; before one in four a quote and a signal are sent.</summary>
    public void Turn()
    {
        if (Host.Fault != null || _nowNs >= LatestNs)
            return;

        if (_turns++ % TurnsPerSignal == 0)
            Send((int)Math.Abs((long)(_sent % PricesPerWave) - PricesPerWave / 2));
        Host.Ingress.DoWork();
    }

    public long NowNs() => _nowNs += StepNs;

    public void Dispose() => Host.Dispose();

    void IFragmentHandler.OnFragment(IDirectBuffer buffer, int offset, int length, Header header)
    {
    }

    /// <summary>
    /// The path as the pipeline has it, but inline, and with one instrument whose limits refuse nothing, at the
    /// simulated exchange.
    /// </summary>
    /// <param name="options">Those of the pipeline that is to follow.</param>
    /// <param name="number">
    /// One that nobody else on the driver has: process ids would not do, since each container counts its own.
    /// </param>
    private static PipelineOptions Own(PipelineOptions options, long number)
    {
        var stream = StreamsBegin | (int)(number % StreamNumbers) * StreamsOfOne;
        return new PipelineOptions
        {
            Ring = new RingOptions { Topology = Topology.Inline, Wait = WaitMode.Block, Processors = [] },
            Streams = new StreamOptions
            {
                InputChannel = Channel,
                OutboundChannel = Channel,
                SignalStream = stream,
                MarketStream = stream + 1,
                CommandStream = stream + 2,
                OutboundStream = stream + 3,
            },
            Account = UnrefusingOptions.Account,
            Calendars = [UnrefusingOptions.Calendar],
            Instruments =
            [
                new InstrumentOptions
                {
                    Id = Instrument,
                    Symbol = "WARM",
                    Calendar = UnrefusingOptions.Calendar.Name,
                },
            ],
            Limits = UnrefusingOptions.Limits with { SignalIdsRemembered = 1_024 },
            Inference = options.Inference,
            Bracket = options.Bracket,
            Execution = options.Execution,
        };
    }

    private void Send(int ticks)
    {
        if (_quotes.TrySend(Quote(ticks)) && _signals.TrySend(Signal(_sent + 1, ticks)))
            _sent++;
    }

    private byte[] Quote(int ticks)
    {
        // Some orders are executed in parts, so that their exits are changed.
        var quantity = 1 + (int)(_sent % Quantities);
        _ = new MarketUpdateEncoder(_market)
        {
            InstrumentId = Instrument,
            BidPriceE9 = BidE9 + ticks * TickE9,
            AskPriceE9 = BidE9 + (ticks + 1) * TickE9,
            BidQuantity = quantity,
            AskQuantity = quantity,
            BidOrders = 1,
            AskOrders = 1,
            TradePriceE9 = BidE9 + ticks * TickE9,
            TradeQuantity = ticks,
            Aggressor = Side.Sell,
            ExchangeTimeNs = _nowNs,
            SendTimeNs = _nowNs,
        };
        return _market;
    }

    private byte[] Signal(ulong id, int ticks)
    {
        _ = new TradeQualifiedEncoder(_signal)
        {
            SignalId = id,
            InstrumentId = Instrument,
            Action = id % 2 == 0 ? TradeAction.Long : TradeAction.Short,
            Confidence = 0.9,
            SynergyStrength = 0.8,
            Urgency = id % 10 / 10.0,
            Price = (BidE9 + ticks * TickE9) / 1e9,
            SignalTimeNs = _nowNs,
            IntendedSendTimeNs = _nowNs,
            SendTimeNs = _nowNs,
        };
        return _signal;
    }
}

/// <summary>
/// Keeps the path warm while there is nothing to do: signals are rare, and a spinning thread has time. Each event that
/// comes in meanwhile waits for the turn to end, which is some microseconds.
/// </summary>
internal sealed class WarmIngress(IngressAgent ingress, WarmPath path) : IHotAgent
{
    /// <summary>Some hundreds of microseconds: what is on the way of an event is in the caches for longer.</summary>
    private const int IdleTurns = 4_096;

    private int _idleTurns;

    public string Name => ingress.Name;

    public int DoWork()
    {
        var work = ingress.DoWork();
        if (work == 0 && ++_idleTurns < IdleTurns)
            return 0;

        if (work == 0)
            path.Turn();
        _idleTurns = 0;
        return Math.Max(1, work);
    }
}
