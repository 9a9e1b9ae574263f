using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Tests.Support;

/// <summary>A seeded mix of market updates, signals and commands, as ingress would put them on the ring.</summary>
internal sealed class SeededInput(int seed, int instruments) : IEventInput
{
    private const long TickE9 = 250_000_000;
    private const long StartNs = 1_703_520_000_000_000_000;

    private readonly Random _random = new(seed);
    private readonly long[] _bidsE9 = [.. Enumerable.Repeat(4_800_000_000_000L, instruments)];
    private long _timeNs = StartNs;
    private ulong _nextId = 1;

    public long TimeNs => _timeNs;

    /// <summary>Lets time pass.</summary>
    public void Advance(long byNs) => _timeNs += byNs;

    public IEnumerable<ExecutionReport> ReportsFor(ExecutionReport report) => [report];

    public void Next(ref EventHeader header, ref EventPayload payload)
    {
        header = default;
        payload = default;
        _timeNs += _random.Next(1_000, 400_000_000);
        header.TimeNs = _timeNs;
        header.InstrumentIndex = _random.Next(instruments);
        header.CorrelationId = _nextId++;
        switch (_random.Next(100))
        {
            case < 55:
                FillMarket(ref header, ref payload);
                break;
            case < 98:
                FillSignal(ref header, ref payload);
                break;
            default:
                FillCommand(ref header, ref payload);
                break;
        }
    }

    private void FillMarket(ref EventHeader header, ref EventPayload payload)
    {
        header.Kind = EventKind.MarketUpdate;
        ref var bidE9 = ref _bidsE9[header.InstrumentIndex];
        bidE9 += _random.Next(-3, 4) * TickE9;
        ref var update = ref payload.MarketUpdate;
        update.BidPriceE9 = bidE9;
        update.AskPriceE9 = bidE9 + _random.Next(1, 3) * TickE9;
        update.BidQuantity = _random.Next(1, 30);
        update.AskQuantity = _random.Next(1, 30);
        update.BidOrders = 1;
        update.AskOrders = 1;
        update.TradePriceE9 = MarketUpdate.NoPrice;
        update.ExchangeTimeNs = _timeNs;
        update.SendTimeNs = _timeNs;
        if (_random.Next(3) != 0)
            return;

        update.TradePriceE9 = bidE9;
        update.TradeQuantity = _random.Next(1, 10);
        update.Aggressor = Side.Sell;
    }

    private void FillSignal(ref EventHeader header, ref EventPayload payload)
    {
        header.Kind = EventKind.TradeQualified;
        header.SlowBackend = _random.Next(8) == 0 ? (byte)1 : (byte)0;
        ref var signal = ref payload.TradeQualified;
        signal.SignalId = header.CorrelationId;
        signal.Action = (TradeAction)_random.Next(3);
        signal.Confidence = 0.5 + 0.5 * _random.NextDouble();
        signal.SynergyStrength = _random.NextDouble();
        signal.Urgency = _random.NextDouble();
        signal.PriceE9 = _bidsE9[header.InstrumentIndex];
        signal.BidAskSpread = OrOwn(0.25);
        signal.BookDepth = OrOwn(1.1);
        signal.VolumeIntensity = OrOwn(0.9);
        signal.Volatility = OrOwn(0.001);
        signal.Atr = OrOwn(3.5);
        signal.Position = double.NaN;
        signal.AvailableMargin = double.NaN;
        signal.Equity = double.NaN;
        signal.UnrealizedPnl = double.NaN;
        signal.Drawdown = double.NaN;
        signal.SignalTimeNs = _timeNs - 5_000;
        signal.IntendedSendTimeNs = _timeNs - 4_000;
        signal.SendTimeNs = _timeNs - (_random.Next(8) == 0 ? 3_000_000 : 3_000);
    }

    private void FillCommand(ref EventHeader header, ref EventPayload payload)
    {
        header.Kind = EventKind.Command;
        payload.Command.CommandId = header.CorrelationId;
        payload.Command.Kind = (CommandKind)_random.Next(1, 5);
        payload.Command.Reason = 1;
        payload.Command.SendTimeNs = _timeNs;
    }

    private double OrOwn(double given) => _random.Next(2) == 0 ? double.NaN : given * (0.5 + _random.NextDouble());
}
