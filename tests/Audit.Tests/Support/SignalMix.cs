using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Audit.Tests.Support;

/// <summary>Market data, signals of every kind and now and then a command, drawn by a seed.</summary>
internal sealed class SignalMix(int seed, int instruments)
{
    private const long TickE9 = 250_000_000;
    private const long StartNs = 1_703_520_000_000_000_000;

    private readonly Random _random = new(seed);
    private readonly long[] _bidsE9 = [.. Enumerable.Repeat(4_800_000_000_000L, instruments)];
    private ulong _nextId = 1;

    public long TimeNs { get; private set; } = StartNs;

    public void Next(out EventHeader header, out EventPayload payload)
    {
        TimeNs += _random.Next(1_000, 400_000_000);
        payload = default;
        header = new EventHeader
        {
            TimeNs = TimeNs,
            InstrumentIndex = _random.Next(instruments),
            CorrelationId = _nextId++,
        };
        switch (_random.Next(200))
        {
            case < 120:
                FillMarket(ref header, ref payload);
                break;
            case < 199:
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
        header.CorrelationId = 0;
        ref var bidE9 = ref _bidsE9[header.InstrumentIndex];
        bidE9 += _random.Next(-6, 7) * TickE9;
        payload.MarketUpdate = new MarketUpdate
        {
            BidPriceE9 = bidE9,
            AskPriceE9 = bidE9 + TickE9,
            BidQuantity = _random.Next(1, 30),
            AskQuantity = _random.Next(1, 30),
            BidOrders = 1,
            AskOrders = 1,
            TradePriceE9 = bidE9,
            TradeQuantity = _random.Next(1, 10),
            Aggressor = Side.Sell,
            ExchangeTimeNs = TimeNs,
            SendTimeNs = TimeNs,
        };
    }

    private void FillSignal(ref EventHeader header, ref EventPayload payload)
    {
        header.Kind = EventKind.TradeQualified;
        payload.TradeQualified = new TradeQualified
        {
            SignalId = header.CorrelationId,
            Action = (TradeAction)_random.Next(3),
            Confidence = 0.5 + 0.5 * _random.NextDouble(),
            SynergyStrength = _random.NextDouble(),
            Urgency = _random.NextDouble(),
            PriceE9 = _bidsE9[header.InstrumentIndex],
            BidAskSpread = double.NaN,
            BookDepth = double.NaN,
            VolumeIntensity = double.NaN,
            Volatility = double.NaN,
            Atr = _random.Next(2) == 0 ? double.NaN : 3.5,
            Position = double.NaN,
            AvailableMargin = double.NaN,
            Equity = double.NaN,
            UnrealizedPnl = double.NaN,
            Drawdown = double.NaN,
            SignalTimeNs = TimeNs - (_random.Next(20) == 0 ? 20_000_000_000 : 5_000),
            IntendedSendTimeNs = TimeNs - 4_000,
            SendTimeNs = TimeNs - 3_000,
        };
    }

    private void FillCommand(ref EventHeader header, ref EventPayload payload)
    {
        header.Kind = EventKind.Command;
        payload.Command = new Command
        {
            CommandId = header.CorrelationId,
            Kind = (CommandKind)_random.Next(1, 5),
            Reason = 1 + _random.Next(5),
            OperatorId = (uint)_random.Next(3),
            SendTimeNs = TimeNs,
        };
    }
}
