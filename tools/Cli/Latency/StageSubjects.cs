using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Positions;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Stages.Context;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Risk;

namespace ExecutionPipeline.Cli.Latency;

/// <summary>
/// The stages over sixteen instruments, with generated events. Each signal has an id of its own, and the memory of ids
/// is full before anything is measured. No order is ever executed, so after some thousands of them the position limit
/// refuses more: the risk stage looks at all limits either way.
/// </summary>
public sealed class StageSubjects
{
    private const int Instruments = 16;
    private const int Events = 256;
    private const long E9 = 1_000_000_000;
    private const long StartNs = 1_700_000_000 * E9;
    private const long StepNs = 1_000_000;

    private readonly PipelineEvent[] _market = new PipelineEvent[Events];
    private readonly PipelineEvent[] _signals = new PipelineEvent[Events];
    private readonly ContextStage _context;
    private readonly RiskStage _risk;
    private long _timeNs = StartNs;
    private ulong _signalId = Events;
    private int _next;

    public StageSubjects()
    {
        var limits = new RiskLimits
        {
            MaxPosition = 1_000,
            MaxNotional = 1e12m,
            MaxDailyVar = 1e12,
            MaxDailyDrawdown = 1,
            MaxOrderSize = 100,
            MaxDailyTrades = int.MaxValue,
        };
        var table = new InstrumentTable([.. Enumerable.Range(1, Instruments).Select(
            static id => new InstrumentOptions { Id = (uint)id, Symbol = $"I{id}" })]);
        var model = new VarModel(table, limits.VarConfidence);
        var portfolio = new Portfolio(table, model, 10_000_000m, new TradingDayOptions());
        _context = new ContextStage(table, portfolio, limits, new ContextOptions());
        _risk = new RiskStage(table, model, limits, new TradingDayOptions());
        Generate();
        Run(_signals, 2 * limits.SignalIdsRemembered, OnContext);
    }

    /// <summary>The context stage, for market updates and for signals.</summary>
    public IEnumerable<LatencySubject> Context() =>
    [
        new LatencySubject("context_market", count => Run(_market, count, OnContext)),
        new LatencySubject("context_signal", count => Run(_signals, count, OnContext)),
    ];

    /// <summary>The risk stage, for signals that buy and sell in turns.</summary>
    public LatencySubject Risk() =>
        new("risk", count => Run(_signals, count, static (stages, ref e) => stages._risk.OnEvent(ref e)));

    /// <summary>A backend, over the contexts of the signals.</summary>
    public LatencySubject Inference(LoadedPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var backend = policy.Backend;
        return new LatencySubject($"inference_{policy.Name}", count => Run(backend, count));
    }

    private static void OnContext(StageSubjects stages, ref PipelineEvent e) => stages._context.OnEvent(ref e);

    private void Run(IPolicyBackend backend, int count)
    {
        for (var i = 0; i < count; i++)
        {
            ref var e = ref _signals[_next++ % Events];
            backend.Run(in e.Features, ref e.Decision.Outputs);
        }
    }

    private void Run(PipelineEvent[] events, int count, StageCall stage)
    {
        for (var i = 0; i < count; i++)
        {
            ref var e = ref events[_next++ % Events];
            e.Header.TimeNs = _timeNs += StepNs;
            if (e.Header.Kind == EventKind.TradeQualified)
                e.Header.CorrelationId = e.Payload.TradeQualified.SignalId = ++_signalId;
            stage(this, ref e);
        }
    }

    private void Generate()
    {
        var random = new Random(1);
        for (var i = 0; i < Events; i++)
        {
            _market[i] = NewEvent(EventKind.MarketUpdate, i);
            _market[i].Payload.MarketUpdate = NewMarketUpdate(random);
            _context.OnEvent(ref _market[i]);
            _signals[i] = NewEvent(EventKind.TradeQualified, i);
            _signals[i].Payload.TradeQualified = NewSignal(random, i);
            _context.OnEvent(ref _signals[i]);
            _signals[i].Decision = new Decision
            {
                Side = i % 2 == 0 ? Side.Buy : Side.Sell,
                Quantity = 1,
                StopLossAtr = 1.5f,
                TakeProfitAtr = 3f,
            };
        }
    }

    private PipelineEvent NewEvent(EventKind kind, int index)
    {
        var e = default(PipelineEvent);
        e.Header.Kind = kind;
        // Both neighbours of a pair of signals are of one instrument, so that its position comes back to 0.
        e.Header.InstrumentIndex = index / 2 % Instruments;
        e.Header.TimeNs = _timeNs += StepNs;
        return e;
    }

    private static MarketUpdate NewMarketUpdate(Random random)
    {
        var bidE9 = (20_000 + random.Next(-20, 20)) * (E9 / 4);
        return new MarketUpdate
        {
            BidPriceE9 = bidE9,
            AskPriceE9 = bidE9 + E9 / 4,
            BidQuantity = random.Next(1, 200),
            AskQuantity = random.Next(1, 200),
            TradePriceE9 = bidE9,
            TradeQuantity = random.Next(0, 5),
            Aggressor = Side.Sell,
        };
    }

    private TradeQualified NewSignal(Random random, int index) => new()
    {
        SignalId = (ulong)index + 1,
        Action = index % 2 == 0 ? TradeAction.Long : TradeAction.Short,
        Confidence = 0.5 + 0.5 * random.NextDouble(),
        SynergyStrength = random.NextDouble(),
        Urgency = random.NextDouble(),
        PriceE9 = 5_000 * E9,
        BidAskSpread = double.NaN,
        BookDepth = double.NaN,
        VolumeIntensity = double.NaN,
        Volatility = double.NaN,
        Atr = double.NaN,
        Position = double.NaN,
        AvailableMargin = double.NaN,
        Equity = double.NaN,
        UnrealizedPnl = double.NaN,
        Drawdown = double.NaN,
        SignalTimeNs = _timeNs,
    };

    private delegate void StageCall(StageSubjects subjects, ref PipelineEvent e);
}

/// <summary>
/// The ring alone, as the inline topology uses it: a slot claimed, an input written into it, and the slot published,
/// with no stage and no other thread behind it. What a hand-over to another thread costs is the machine's affair more
/// than the ring's: the ring benchmarks of perf/Benchmarks show it.
/// </summary>
public static class RingSubject
{
    public static LatencySubject Create()
    {
        var ring = ValueRingBuffer<PipelineEvent>.CreateSingleProducer(
            static () => default, new RingOptions().Size, new BusySpinWaitStrategy());
        var input = new PipelineEvent { Header = { Kind = EventKind.TradeQualified } };
        return new LatencySubject("ring", count => Publish(ring, in input, count));
    }

    private static void Publish(ValueRingBuffer<PipelineEvent> ring, in PipelineEvent input, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!ring.TryNext(out var sequence))
                throw new InvalidOperationException("a ring that nobody follows is full");

            ref var e = ref ring[sequence];
            e.Header = input.Header;
            e.Payload = input.Payload;
            ring.Publish(sequence);
        }
    }
}
