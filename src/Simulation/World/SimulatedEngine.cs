using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Simulation.World;

/// <summary>Draws what the tactical engine, the market and the operator send.</summary>
internal sealed class SimulatedEngine(SimulationOptions options, int instruments)
{
    private const long TickE9 = 250_000_000;
    private const int Remembered = 64;

    private readonly SeededDice _market = new(options.Seed, 11);
    private readonly SeededDice _signals = new(options.Seed, 12);
    private readonly SeededDice _clocks = new(options.Seed, 13);
    private readonly SeededDice _commands = new(options.Seed, 14);
    private readonly SeededDice _resends = new(options.Seed, 15);
    private readonly long[] _bids = [.. Enumerable.Repeat(20_000L, instruments)];
    private readonly List<(EventHeader Header, TradeQualified Signal)> _sent = [];
    private ulong _lastSignal;

    /// <summary>The next quote of an instrument; now and then the market jumps or is crossed.</summary>
    public MarketUpdate Quote(long timeNs, out int instrument)
    {
        instrument = _market.Below(instruments);
        var step = _market.Below(50) == 0 ? 60 : 3;
        ref var bid = ref _bids[instrument];
        bid = Math.Clamp(bid + _market.Between(-step, step), 16_000, 24_000);
        var width = _market.Below(200) == 0 ? -1 : _market.Between(1, 4);
        return new MarketUpdate
        {
            BidPriceE9 = bid * TickE9,
            AskPriceE9 = (bid + width) * TickE9,
            BidQuantity = _market.Between(1, 40),
            AskQuantity = _market.Between(1, 40),
            TradePriceE9 = bid * TickE9,
            TradeQuantity = _market.Below(30),
            Aggressor = Side.Sell,
            ExchangeTimeNs = timeNs,
            SendTimeNs = timeNs,
        };
    }

    /// <summary>A new signal.</summary>
    public TradeQualified Signal(long timeNs, out EventHeader header)
    {
        var instrument = _signals.Below(instruments);
        var isSkewed = (options.Faults & FaultClasses.Clock) != 0 && _clocks.Hits(300);
        var sentNs = timeNs + (isSkewed ? _clocks.Between(-20_000, 20_000) * 1_000_000L : 0);
        var signal = new TradeQualified
        {
            SignalId = ++_lastSignal,
            Action = _signals.Below(20) == 0 ? TradeAction.Hold
                : _signals.Below(2) == 0 ? TradeAction.Long : TradeAction.Short,
            Confidence = 0.5 + _signals.Below(50) / 100.0,
            SynergyStrength = _signals.Below(100) / 100.0,
            Urgency = _signals.Below(100) / 100.0,
            PriceE9 = _bids[instrument] * TickE9,
            BidAskSpread = double.NaN,
            BookDepth = double.NaN,
            VolumeIntensity = double.NaN,
            Volatility = double.NaN,
            Atr = _signals.Below(2) == 0 ? double.NaN : _signals.Between(1, 40) * 0.25,
            Position = double.NaN,
            AvailableMargin = double.NaN,
            Equity = double.NaN,
            UnrealizedPnl = double.NaN,
            Drawdown = double.NaN,
            SignalTimeNs = sentNs,
            IntendedSendTimeNs = sentNs,
            SendTimeNs = sentNs,
        };
        header = new EventHeader
        {
            Kind = EventKind.TradeQualified,
            InstrumentIndex = instrument,
            TimeNs = timeNs,
            CorrelationId = signal.SignalId,
        };
        if (_sent.Count == Remembered)
            _sent.RemoveAt(0);
        _sent.Add((header, signal));
        return signal;
    }

    /// <summary>A signal that was sent before; false where there is none.</summary>
    public bool TryRepeat(long timeNs, out EventHeader header, out TradeQualified signal)
    {
        (header, signal) = _sent.Count == 0 ? default : _sent[_resends.Below(_sent.Count)];
        header.TimeNs = timeNs;
        signal.SendTimeNs = signal.IntendedSendTimeNs = timeNs;
        // An engine may also make it anew under the same id, so that nothing but the id tells.
        if (signal.SignalId % 2 == 0)
            signal.SignalTimeNs = timeNs;
        return _sent.Count > 0;
    }

    /// <summary>What the operator asks for, if anything now.</summary>
    public bool TryCommand(long timeNs, out Command command, out int instrument)
    {
        instrument = _commands.Below(instruments);
        command = new Command { Reason = 1, SendTimeNs = timeNs, Kind = KindOf(_commands.Below(10_000)) };
        return command.Kind != 0;
    }

    private static CommandKind KindOf(int draw) => draw switch
    {
        < 20 => CommandKind.Kill,
        < 120 => CommandKind.Resume,
        < 150 => CommandKind.StopEntries,
        < 250 => CommandKind.ResumeEntries,
        < 280 => CommandKind.CancelAll,
        < 320 => CommandKind.CloseAll,
        < 340 => CommandKind.Query,
        _ => 0,
    };
}
