using System.Diagnostics;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Routing;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Benchmarks.Growth;

/// <summary>
/// A pipeline, inline on the calling thread, whose signals wait in memory: what the turn takes that turns a signal into
/// an order is timed. A backend that always decides the same stands for the models, whose time does not grow.
/// </summary>
internal sealed class GrowthRig : IEventClock, IPolicyBackend, IFragmentHandler, IDisposable
{
    private const string Channel = "aeron:ipc?term-length=4m";
    private const long BidE9 = 4_800_000_000_000;
    private const long TickE9 = 250_000_000;
    private const long StepNs = 1_000_000;
    private const int TurnsBetween = 3;
    private const int MessagesPerPoll = 64;
    private const int Levels = 1_000;

    /// <summary>Every place of the stages' tables has been used once then: a first use is a page fault.</summary>
    private const int LeastBefore = 200_000;

    private const ulong OthersParent = 9;
    private const ulong OthersFrom = 1_000_000_000;

    private readonly int _instruments;
    private readonly string _folder;
    private readonly MediaDriver? _driver;
    private readonly AeronClient? _aeron;
    private readonly AeronTransport? _streams;
    private readonly List<Subscription> _subscribers = [];
    private readonly byte[] _signal = new byte[TradeQualifiedEncoder.EncodedLength];
    private readonly byte[] _market = new byte[MarketUpdateEncoder.EncodedLength];
    private readonly PipelineHost _host;
    private readonly IOutboundSink _signals;
    private readonly IOutboundSink _quotes;
    private SimulatedExchange? _exchange;
    private long _nowNs = 1_700_000_000_000_000_000;
    private ulong _sent;

    /// <param name="size">What it is to hold; all of it is there before the first signal is timed.</param>
    /// <param name="folder">For journal and driver; what is in it is the caller's to remove.</param>
    public GrowthRig(GrowthCase size, string folder)
    {
        _instruments = size.Instruments;
        _folder = Directory.CreateDirectory(folder).FullName;
        var options = Options(size);
        var inputs = new LoopTransport();
        if (size.Subscribers is { } count)
        {
            _driver = MediaDriver.Launch(
                new MediaDriver.Context().AeronDirectoryName(Path.Combine(folder, "driver")));
            _aeron = AeronClient.Connect(
                new AeronClient.Context().AeronDirectoryName(_driver.AeronDirectoryName));
            _streams = new AeronTransport(_aeron);
            for (var i = 0; i < count; i++)
                _subscribers.Add(_aeron.AddSubscription(Channel, options.Streams.OutboundStream));
        }

        _host = new PipelineHost(options, new PipelineParts
        {
            Transport = new Streams(inputs, _streams, options.Streams.OutboundStream),
            Backend = this,
            Clock = this,
            JournalFolder = size.HasJournal ? Path.Combine(folder, "journal") : null,
            Venue = (table, reports) =>
            {
                _exchange = new SimulatedExchange(table, reports.OpenQueue(), options.Exchange);
                return new Venue(_exchange, _exchange);
            },
            Room = new StageRoom { Orders = 131_072, OrderPlaces = 262_144 },
        });
        _signals = inputs.OpenOutbound(Channel, options.Streams.SignalStream);
        _quotes = inputs.OpenOutbound(Channel, options.Streams.MarketStream);
        AddOrders(size.OpenOrders);
        for (var i = 0; i < Math.Max(size.Ids, LeastBefore); i++)
            Signal();
    }

    public DecisionSource Source => DecisionSource.RuleBased;

    public long NowNs() => _nowNs += StepNs;

    /// <summary>One contract at once, with the middle of the exits.</summary>
    public void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs)
    {
        outputs = default;
        outputs[PolicyOutputs.SizeOffset + 1] = 1f;
        outputs[PolicyOutputs.StrategyOffset] = 1f;
        outputs[PolicyOutputs.StopLossOffset] = (PolicyBounds.StopLossMin + PolicyBounds.StopLossMax) / 2f;
        outputs[PolicyOutputs.TakeProfitOffset] = (PolicyBounds.TakeProfitMin + PolicyBounds.TakeProfitMax) / 2f;
    }

    /// <summary>Sends a quote and a signal. Returns the time that the signal's turn took, in nanoseconds.</summary>
    /// <exception cref="InvalidOperationException">No order came of it: the time is of another path.</exception>
    public double Signal()
    {
        // Two signals in a row are of one instrument: the second closes what the first has opened.
        var instrument = (uint)(_sent / 2 % (ulong)_instruments) + 1;
        _quotes.TrySend(QuoteOf(instrument));
        Turn();
        var orders = _host.Chain.Routing.OrdersSent;
        _signals.TrySend(SignalOf(instrument));
        var start = Stopwatch.GetTimestamp();
        _host.Ingress.DoWork();
        var tookNs = (Stopwatch.GetTimestamp() - start) * (1e9 / Stopwatch.Frequency);
        if (_host.Chain.Routing.OrdersSent == orders)
            throw new InvalidOperationException($"no order came of signal {_sent}: {_host.Fault?.Message}");

        for (var i = 0; i < TurnsBetween; i++)
            Turn();
        return tookNs;
    }

    public void Dispose()
    {
        _host.Dispose();
        foreach (var subscriber in _subscribers)
            subscriber.Dispose();
        _streams?.Dispose();
        _aeron?.Dispose();
        _driver?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    void IFragmentHandler.OnFragment(IDirectBuffer buffer, int offset, int length, Header header)
    {
    }

    private void Turn()
    {
        _host.Ingress.DoWork();
        foreach (var subscriber in _subscribers)
            subscriber.Poll(this, MessagesPerPoll);
    }

    /// <summary>Offers far from the market, which the pipeline knows as its own.</summary>
    private void AddOrders(int count)
    {
        _quotes.TrySend(QuoteOf(1));
        Turn();
        for (var i = 0; i < count; i++)
        {
            var order = new Order
            {
                OrderId = OrderIds.Of(OthersParent, OthersFrom + (ulong)i),
                Purpose = OrderPurpose.TakeProfit,
                Side = Side.Sell,
                Type = OrderType.Limit,
                TimeInForce = TimeInForce.GoodTillCancel,
                Quantity = 1,
                LimitPriceE9 = BidE9 + (Levels + i % Levels) * TickE9,
            };
            if (!_host.Chain.Routing.Orders.TryAdd(order, out _))
                throw new InvalidOperationException($"there is no room for {count} orders");

            _exchange!.Submit(order, _nowNs);
            Turn();
        }

        if (_host.Chain.Routing.Orders.WorkingOrders != count)
            throw new InvalidOperationException($"{_host.Chain.Routing.Orders.WorkingOrders} of {count} orders work");
    }

    private byte[] QuoteOf(uint instrument)
    {
        _ = new MarketUpdateEncoder(_market)
        {
            InstrumentId = instrument,
            BidPriceE9 = BidE9,
            AskPriceE9 = BidE9 + TickE9,
            BidQuantity = 100,
            AskQuantity = 100,
            BidOrders = 10,
            AskOrders = 10,
            TradePriceE9 = BidE9,
            TradeQuantity = 1,
            Aggressor = Side.Sell,
            ExchangeTimeNs = _nowNs,
            SendTimeNs = _nowNs,
        };
        return _market;
    }

    private byte[] SignalOf(uint instrument)
    {
        _ = new TradeQualifiedEncoder(_signal)
        {
            SignalId = ++_sent,
            InstrumentId = instrument,
            Action = _sent % 2 == 0 ? TradeAction.Short : TradeAction.Long,
            Confidence = 0.9,
            SynergyStrength = 0.8,
            Urgency = 1,
            Price = BidE9 / 1e9,
            SignalTimeNs = _nowNs,
            IntendedSendTimeNs = _nowNs,
            SendTimeNs = _nowNs,
        };
        return _signal;
    }

    private static PipelineOptions Options(GrowthCase size) => new()
    {
        Ring = new RingOptions { Topology = Topology.Inline, Wait = WaitMode.Block, Processors = [] },
        Streams = new StreamOptions { InputChannel = Channel, OutboundChannel = Channel },
        Account = UnrefusingOptions.Account,
        Calendars = [UnrefusingOptions.Calendar],
        Instruments =
        [
            .. Enumerable.Range(1, size.Instruments).Select(static id => new InstrumentOptions
            {
                Id = (uint)id,
                Symbol = $"I{id}",
                Calendar = UnrefusingOptions.Calendar.Name,
            }),
        ],
        Limits = UnrefusingOptions.Limits with { SignalIdsRemembered = size.Ids },
    };

    /// <summary>Inputs in memory; what leaves goes to the driver where there is one.</summary>
    private sealed class Streams(LoopTransport inputs, AeronTransport? driver, int outbound) : ITransport
    {
        public IMessageSource OpenInput(string channel, int stream) => inputs.OpenInput(channel, stream);

        public IOutboundSink OpenOutbound(string channel, int stream) =>
            driver != null && stream == outbound
                ? driver.OpenOutbound(channel, stream)
                : inputs.OpenOutbound(channel, stream);
    }
}
