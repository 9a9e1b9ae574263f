using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Models;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Ingress;

/// <summary>
/// A pipeline whose ingress takes a turn when the test says so: its streams are lists, its clock is a number, and no
/// thread runs. Inline, each event goes through every stage before the turn ends; fused, it stays on the ring.
/// </summary>
internal sealed class EdgeRig : ITransport, IEventClock, IMarketListener, IDisposable
{
    public const long E9 = 1_000_000_000;
    public const long StartNs = 1_700_000_000 * E9;

    private readonly Dictionary<int, MessageList> _inputs = [];
    private readonly byte[] _bytes = new byte[1_024];
    private readonly StreamOptions _streams;
    private IReportSink? _reports;
    private SimulatedExchange? _exchange;

    /// <param name="topology">Of the ring.</param>
    /// <param name="venue">Takes the orders; null: the simulated exchange.</param>
    /// <param name="journal">Where the events are written by <see cref="Dispose"/>; null: nowhere.</param>
    /// <param name="models">Where commands find models; null: they are refused.</param>
    public EdgeRig(
        Topology topology = Topology.Inline,
        IVenueGateway? venue = null,
        string? journal = null,
        ModelSource? models = null)
    {
        var options = TestPipelines.Options(topology);
        _streams = options.Streams;
        Host = new PipelineHost(options, new PipelineParts
        {
            Transport = this,
            Backend = TestPipelines.Rules(),
            Clock = this,
            JournalFolder = journal,
            Models = models,
            Venue = (instruments, reports) =>
            {
                _reports = reports.OpenQueue();
                _exchange = new SimulatedExchange(instruments, _reports, options.Exchange);
                return new Venue(venue ?? _exchange, this);
            },
        });
    }

    public PipelineHost Host { get; }

    public MessageList Signals => _inputs[_streams.SignalStream];

    public MessageList Market => _inputs[_streams.MarketStream];

    public MessageList Commands => _inputs[_streams.CommandStream];

    public List<byte[]> Outbound { get; } = [];

    /// <summary>Market updates as the stages saw them.</summary>
    public List<(int Instrument, MarketUpdate Update, long TimeNs)> Shown { get; } = [];

    public long TimeNs { get; set; } = StartNs;

    /// <summary>How far the senders' clock is ahead of <see cref="TimeNs"/>.</summary>
    public long AheadNs { get; set; }

    public long NowNs() => TimeNs;

    public long WallAheadNs() => AheadNs;

    public IMessageSource OpenInput(string channel, int stream) => _inputs[stream] = new MessageList();

    public IOutboundSink OpenOutbound(string channel, int stream) => new OutboundList(Outbound);

    public void OnMarket(int instrumentIndex, in MarketUpdate update, long timeNs)
    {
        Shown.Add((instrumentIndex, update, timeNs));
        _exchange!.OnMarket(instrumentIndex, update, timeNs);
    }

    /// <summary>The venue's word.</summary>
    public void Report(ulong orderId, int instrument = 0) => _reports!.OnReport(new ExecutionReport
    {
        OrderId = orderId,
        InstrumentIndex = instrument,
        Kind = ExecutionReportKind.Expired,
        Side = Side.Buy,
    });

    /// <summary>The venue's word that three contracts were bought.</summary>
    public void Execution(ulong orderId, ulong executionId, long venueTimeNs) => _reports!.OnReport(new ExecutionReport
    {
        OrderId = orderId,
        ExecutionId = executionId,
        Kind = ExecutionReportKind.Trade,
        Side = Side.Buy,
        LastQuantity = 3,
        CumulativeQuantity = 3,
        LeavesQuantity = 5,
        LastPriceE9 = 4_800 * E9,
        VenueTimeNs = venueTimeNs,
    });

    public void Signal(ulong id, long priceE9 = 4_800 * E9, bool isWhole = true)
    {
        _ = new TradeQualifiedEncoder(_bytes)
        {
            SignalId = id,
            InstrumentId = 1,
            Action = TradeAction.Long,
            Confidence = 0.9,
            SynergyStrength = 0.8,
            Urgency = 0.9,
            Price = priceE9 * 1e-9,
            SignalTimeNs = TimeNs,
            IntendedSendTimeNs = TimeNs,
            SendTimeNs = TimeNs,
        };
        Signals.Add(_bytes, TradeQualifiedEncoder.EncodedLength, isWhole);
    }

    public void Quote(
        long bidE9 = 4_800 * E9,
        long askE9 = 4_800 * E9 + E9 / 4,
        long tradeE9 = MarketUpdate.NoPrice,
        uint instrument = 1)
    {
        _ = new MarketUpdateEncoder(_bytes)
        {
            InstrumentId = instrument,
            BidPriceE9 = bidE9,
            AskPriceE9 = askE9,
            TradePriceE9 = tradeE9,
            BidQuantity = bidE9 == MarketUpdate.NoPrice ? 0 : 5,
            AskQuantity = askE9 == MarketUpdate.NoPrice ? 0 : 5,
            TradeQuantity = tradeE9 == MarketUpdate.NoPrice ? 0 : 1,
            BidOrders = bidE9 == MarketUpdate.NoPrice ? 0 : 2,
            AskOrders = askE9 == MarketUpdate.NoPrice ? 0 : 2,
            Aggressor = tradeE9 == MarketUpdate.NoPrice ? Side.None : Side.Buy,
            ExchangeTimeNs = TimeNs,
            SendTimeNs = TimeNs,
        };
        Market.Add(_bytes, MarketUpdateEncoder.EncodedLength);
    }

    public void Command(
        CommandKind kind,
        ulong id = 9,
        MessageList? stream = null,
        uint instrument = WireNull.UInt32,
        uint models = 0)
    {
        _ = new CommandEncoder(_bytes)
        {
            CommandId = id,
            Kind = kind,
            Reason = 1,
            SendTimeNs = TimeNs,
            InstrumentId = instrument,
            ModelPrefix = models,
        };
        (stream ?? Commands).Add(_bytes, CommandEncoder.EncodedLength);
    }

    /// <summary>Turns until one finds nothing to do, or so many.</summary>
    public void Turn(int times = 100)
    {
        for (var i = 0; i < times && Host.Ingress.DoWork() > 0; i++)
        {
        }
    }

    /// <summary>The last message that says why something was refused.</summary>
    public ExecutionErrorDecoder LastError()
    {
        foreach (var message in Enumerable.Reverse(Outbound))
        {
            if (ExecutionErrorDecoder.TryWrap(message, out var error))
                return error;
        }

        throw new AssertionException("nothing was refused");
    }

    public void Dispose()
    {
        // What a test has left on the ring goes through the stages now.
        if (Host.Topology != Topology.Inline)
            Host.Start();
        Host.Dispose();
    }
}

/// <summary>A stream that a test fills.</summary>
internal sealed class MessageList : IMessageSource
{
    private readonly Queue<(byte[] Bytes, bool IsWhole)> _waiting = new();

    public int Waiting => _waiting.Count;

    /// <summary>Moves what waits to another stream.</summary>
    public void MoveTo(MessageList other)
    {
        while (_waiting.TryDequeue(out var message))
            other._waiting.Enqueue(message);
    }

    /// <summary>How often ingress has asked.</summary>
    public int Polls { get; private set; }

    public void Add(byte[] bytes, int length, bool isWhole = true) => _waiting.Enqueue((bytes[..length], isWhole));

    public int Poll(IMessageReceiver receiver, int limit)
    {
        Polls++;
        var count = 0;
        for (; count < limit && _waiting.TryDequeue(out var message); count++)
            receiver.OnMessage(message.Bytes, message.IsWhole);
        return count;
    }
}

/// <summary>Keeps what goes out.</summary>
internal sealed class OutboundList(List<byte[]> messages) : IOutboundSink
{
    public bool TrySend(ReadOnlySpan<byte> message)
    {
        messages.Add(message.ToArray());
        return true;
    }
}
