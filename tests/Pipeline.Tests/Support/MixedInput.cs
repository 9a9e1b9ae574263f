using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Pipeline.Tests.Support;

/// <summary>
/// All that can come to a ring, at random: the seeded mix, and with it timers, exchanges of models, commands on parent
/// orders, emptied books, messages with flipped bits as far as the edge admits them, jumps of the clock over hours and
/// weekends, and a venue that repeats reports, holds them back and speaks of orders that nobody sent.
/// </summary>
internal sealed class MixedInput(int seed, int instruments, InstrumentIds ids) : IEventInput
{
    private const long HourNs = 3_600_000_000_000;

    private readonly Random _random = new(seed);
    private readonly SeededInput _usual = new(seed, instruments);
    private readonly MessageReader _reader = new(ids);
    private readonly byte[] _message = new byte[TradeQualifiedEncoder.EncodedLength];
    private readonly Queue<ExecutionReport> _withheld = new();
    private readonly int[] _executions = new int[byte.MaxValue + 1];
    private readonly List<(int Instrument, TradeQualified Signal)> _signals = [];
    private ExecutionReport _lastPlaced;

    public long TimeNs => _usual.TimeNs;

    /// <summary>Of the clock, now and then. Default 80 hours, over a weekend.</summary>
    public long LongestJumpNs { get; init; } = 80 * HourNs;

    /// <summary>Where there are several, they are lost and come back now and then. Default 1.</summary>
    public int Venues { get; init; } = 1;

    /// <summary>Executions that each venue has told.</summary>
    public IEnumerable<int> ExecutionsByVenue => _executions.Take(Venues);

    /// <summary>Messages with flipped bits that the edge admitted.</summary>
    public int AdmittedSpoilt { get; private set; }

    public void Next(ref EventHeader header, ref EventPayload payload)
    {
        if (_random.Next(500) == 0)
            _usual.Advance(_random.NextInt64(LongestJumpNs));
        _usual.Next(ref header, ref payload);
        switch (_random.Next(50))
        {
            case 0:
                payload = default;
                header.Kind = EventKind.Timer;
                payload.Timer.DueTimeNs = TimeNs;
                break;
            case 1:
                FillModel(ref header, ref payload);
                break;
            case 5:
                FillOrderCommand(ref header, ref payload);
                break;
            case 6 when _random.Next(4) == 0:
                FillLimit(ref header, ref payload);
                break;
            case 7 when Venues > 1:
                FillConnection(ref header, ref payload);
                break;
            case 8 or 9 when _signals.Count > 0:
                FillRepeat(ref header, ref payload);
                break;
            case 2 or 3:
                TrySpoil(ref header, ref payload);
                break;
            case 4 when header.Kind == EventKind.MarketUpdate:
                (payload.MarketUpdate.BidPriceE9, payload.MarketUpdate.BidQuantity) = (MarketUpdate.NoPrice, 0);
                (payload.MarketUpdate.AskPriceE9, payload.MarketUpdate.AskQuantity) = (MarketUpdate.NoPrice, 0);
                (payload.MarketUpdate.BidOrders, payload.MarketUpdate.AskOrders) = (0, 0);
                break;
        }

        if (header.Kind == EventKind.TradeQualified)
            _signals.Add((header.InstrumentIndex, payload.TradeQualified));
    }

    public IEnumerable<ExecutionReport> ReportsFor(ExecutionReport report)
    {
        if (report.Kind == ExecutionReportKind.New)
            _lastPlaced = report;
        _executions[report.Venue] += report.LastQuantity > 0 ? 1 : 0;
        var kind = _random.Next(60);
        if (kind == 0)
            _withheld.Enqueue(report);
        else
            yield return report;
        if (kind is 1 or 2)
            yield return report;
        if (kind == 3)
            yield return report with { OrderId = report.OrderId + 1_000_000, ExecutionId = report.ExecutionId << 32 };
        if (kind is > 40 && _withheld.TryDequeue(out var late))
            yield return late;
    }

    private void FillModel(ref EventHeader header, ref EventPayload payload)
    {
        header.Kind = EventKind.Model;
        header.InstrumentIndex = 0;
        payload = default;
        payload.Command.CommandId = header.CorrelationId;
        payload.Command.SendTimeNs = TimeNs;
        payload.Command.Kind = CommandKind.DeployModel + (byte)_random.Next(4);
        payload.Command.ModelVersion = (ulong)_random.Next(1, MixedModels.Versions + 1);
        payload.Command.CanaryShareBps = _random.Next(1, 10_001);
    }

    /// <summary>
    /// A command on the parent of the order that was placed last, which may have ended since, or one that stops or
    /// resumes entries.
    /// </summary>
    private void FillOrderCommand(ref EventHeader header, ref EventPayload payload)
    {
        header.Kind = EventKind.Command;
        header.InstrumentIndex = _lastPlaced.InstrumentIndex;
        payload = default;
        payload.Command.CommandId = header.CorrelationId;
        payload.Command.SendTimeNs = TimeNs;
        payload.Command.Kind = CommandKind.PauseOrder + (byte)_random.Next(6);
        payload.Command.Reason = 1;
        payload.Command.OperatorId = 7;
        payload.Command.ParentId = Math.Max(1, OrderIds.ParentKeyOf(_lastPlaced.OrderId));
        payload.Command.Quantity = payload.Command.Kind == CommandKind.AmendOrder ? _random.Next(1, 5) : 0;
    }

    /// <summary>A venue's word that its connection is lost, or that it is back.</summary>
    private void FillConnection(ref EventHeader header, ref EventPayload payload)
    {
        header.Kind = EventKind.ExecutionReport;
        header.InstrumentIndex = 0;
        payload = default;
        payload.ExecutionReport.Kind = _random.Next(3) == 0
            ? ExecutionReportKind.VenueLost
            : ExecutionReportKind.VenueBack;
        payload.ExecutionReport.Venue = (byte)_random.Next(Venues);
        payload.ExecutionReport.VenueTimeNs = TimeNs;
    }

    /// <summary>A limit that the configuration, read again, gives another value.</summary>
    private void FillLimit(ref EventHeader header, ref EventPayload payload)
    {
        header.Kind = EventKind.Command;
        header.InstrumentIndex = 0;
        payload = default;
        payload.Command.CommandId = header.CorrelationId;
        payload.Command.SendTimeNs = TimeNs;
        payload.Command.Kind = CommandKind.SetLimit;
        payload.Command.Reason = CommandReason.Reload;
        payload.Command.Limit = _random.Next(2) == 0 ? LimitKey.MaxPosition : LimitKey.MaxOrderSize;
        payload.Command.LimitValue = _random.Next(40, 400);
    }

    /// <summary>A signal that was sent before, one of the last hundred.</summary>
    private void FillRepeat(ref EventHeader header, ref EventPayload payload)
    {
        payload = default;
        header.Kind = EventKind.TradeQualified;
        header.SlowBackend = 0;
        (header.InstrumentIndex, payload.TradeQualified) =
            _signals[^_random.Next(1, Math.Min(100, _signals.Count) + 1)];
        header.CorrelationId = payload.TradeQualified.SignalId;
    }

    /// <summary>A signal with some bits flipped, where the edge lets it pass.</summary>
    private void TrySpoil(ref EventHeader header, ref EventPayload payload)
    {
        _ = new TradeQualifiedEncoder(_message)
        {
            SignalId = header.CorrelationId,
            InstrumentId = ids[header.InstrumentIndex],
            Action = TradeAction.Short,
            Confidence = _random.NextDouble(),
            Price = 4_800,
            BidAskSpread = 0.25,
            Volatility = 0.001,
            Atr = double.Epsilon,
            Position = 1,
            Equity = 1e-6,
            SignalTimeNs = TimeNs,
            IntendedSendTimeNs = TimeNs,
            SendTimeNs = TimeNs,
        };
        for (var i = _random.Next(1, 4); i > 0; i--)
            _message[_random.Next(_message.Length)] ^= (byte)(1 << _random.Next(8));

        var (spoiltHeader, spoiltPayload) = (header, payload);
        if (!_reader.TryRead(_message, InboundMessages.All, TimeNs, ref spoiltHeader, ref spoiltPayload, out _)
            || spoiltPayload.TradeQualified.PriceE9 > 1_000_000_000_000_000)
            return;

        AdmittedSpoilt++;
        (header, payload) = (spoiltHeader, spoiltPayload);
    }
}
