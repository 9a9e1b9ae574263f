using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Trades;

/// <summary>
/// The trades of all instruments: one for each signal, whatever they net to. An entry's execution first closes trades
/// of the other side, the oldest first, and the rest opens or increases the trade of its parent; an exit's execution
/// reduces its own trade, and what it executed beyond that is a trade of its own, to be taken back. So the position is
/// always the sum of the trades, and cash the sum of their values and fees, to the last digit. All memory is taken at
/// start; one thread.
/// </summary>
public sealed class TradeBook : IStateful
{
    /// <summary>Trades kept where nothing else is set.</summary>
    public const int DefaultCapacity = 4_096;

    private const int None = -1;

    private readonly InstrumentTable _instruments;
    private readonly TradePool _pool;
    private readonly ExcursionTracker _excursions;
    private readonly int[] _positions;
    private readonly int[] _openOf;
    private readonly int[] _touched;
    private readonly long[] _epochs;
    private int _touchedCount;
    private ulong _lastTradeId;

    /// <param name="instruments">Of the executions' indices.</param>
    /// <param name="capacity">
    /// Trades that are told apart at a time, those included that have closed and wait for the end of an exit order.
    /// Beyond it an execution increases the youngest trade of its side and instrument.
    /// </param>
    public TradeBook(InstrumentTable instruments, int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);

        // Beyond the capacity an instrument and side has a trade at most that is not merged into another.
        var slots = capacity + 2 * instruments.Count + 1;
        _instruments = instruments;
        Capacity = capacity;
        _pool = new TradePool(instruments.Count, slots);
        _excursions = new ExcursionTracker(instruments.Count, slots);
        _positions = new int[instruments.Count];
        _openOf = new int[instruments.Count];
        _touched = new int[slots];
        _epochs = new long[slots];
    }

    public int Capacity { get; }

    /// <summary>Whether another signal's trade can be told apart.</summary>
    public bool HasRoom => _pool.Used < Capacity;

    /// <summary>Open trades of all instruments.</summary>
    public int OpenTrades { get; private set; }

    /// <summary>Trades closed since the start.</summary>
    public long ClosedTrades { get; private set; }

    /// <summary>Contracts executed that were to close something, beyond what was held of it.</summary>
    public long ExcessQuantity { get; private set; }

    /// <summary>
    /// Executions that went into another signal's trade because there was no room for one of their own.
    /// </summary>
    public long MergedExecutions { get; private set; }

    /// <summary>The trade in a slot: an open one, or one that has closed and is not yet let go.</summary>
    public ref readonly Trade this[int slot] => ref _pool[slot];

    /// <summary>
    /// Slots of the trades that the last booking changed, oldest first, those that it closed included.
    /// </summary>
    public ReadOnlySpan<int> Touched => _touched.AsSpan(0, _touchedCount);

    /// <summary>Signed contracts: the sum of the open trades.</summary>
    public int Position(int instrument) => _positions[instrument];

    /// <summary>The oldest open trade of an instrument and side, or -1.</summary>
    public int FirstOpen(int instrument, Side side) => _pool.First(instrument, side);

    /// <summary>The next younger open trade of the same instrument and side, or -1.</summary>
    public int NextOpen(int slot) => _pool.Next(slot);

    public bool TryFind(ulong tradeId, out int slot) => _pool.TryFind(tradeId, out slot);

    /// <summary>Finds the open trade of a parent order.</summary>
    public bool TryFindParent(ulong parentId, out int slot) => _pool.TryFindParent(parentId, out slot);

    /// <summary>Takes a price of the market: excursions of the open trades are measured by it.</summary>
    public void OnPrice(int instrument, long priceE9)
    {
        if (_openOf[instrument] > 0)
            _excursions.Observe(instrument, priceE9);
    }

    /// <summary>
    /// Books an execution of an entry, of an operator's close, or of an order that nobody knows. What was to close
    /// something that another order has closed is a trade that is closed at once: <see cref="Trade.RepairOf"/>.
    /// </summary>
    /// <param name="execution">Of an instrument of the table.</param>
    /// <param name="origin">What it came from.</param>
    public void BookEntry(in TradeExecution execution, in TradeOrigin origin)
    {
        var shares = Begin(execution);
        var opposite = execution.Side == Side.Buy ? Side.Sell : Side.Buy;
        for (var slot = FirstOpen(execution.InstrumentIndex, opposite); slot != None && shares.Left > 0;)
        {
            var next = NextOpen(slot);
            var part = shares.Take(Math.Min(shares.Left, _pool[slot].OpenQuantity));
            Reduce(slot, part, execution, origin.ExitReason, isAtMarket: false);
            slot = next;
        }

        if (shares.Left == 0)
            return;

        var closed = execution.Quantity - shares.Left;
        var opening = origin with { PlannedQuantity = Math.Max(0, origin.PlannedQuantity - closed) };
        var excess = Math.Clamp(origin.ToClose - closed, 0, shares.Left);
        if (shares.Left > excess)
            Enter(shares.Take(shares.Left - excess), execution, opening, repairOf: 0);
        if (excess == 0)
            return;

        ExcessQuantity += excess;
        Enter(shares.Take(excess), execution, new TradeOrigin { SignalId = origin.SignalId }, Trade.OfAnOrder);
    }

    /// <summary>Books an execution of a trade's exit order.</summary>
    /// <param name="execution">Of the trade's instrument, on the side that closes it.</param>
    /// <param name="tradeId">The trade whose exit it is; it may have been closed and forgotten.</param>
    /// <param name="reason">What the exit was for.</param>
    /// <param name="isAtMarket">
    /// Whether it is the order at the market: sent for a stop that was not taken, it can execute before that.
    /// </param>
    /// <returns>
    /// Contracts executed beyond what the trade held. They are a trade of their own, the last of <see cref="Touched"/>,
    /// whose <see cref="Trade.RepairOf"/> names this one.
    /// </returns>
    public int BookExit(in TradeExecution execution, ulong tradeId, ExitReason reason, bool isAtMarket = false)
    {
        var shares = Begin(execution);
        var signalId = 0UL;
        if (TryFind(tradeId, out var slot))
        {
            ref readonly var trade = ref _pool[slot];
            signalId = trade.SignalId;
            var isOfTrade = trade.InstrumentIndex == execution.InstrumentIndex && trade.ExitSide == execution.Side;
            var part = isOfTrade ? Math.Min(trade.OpenQuantity, shares.Left) : 0;
            if (part > 0)
                Reduce(slot, shares.Take(part), execution, reason, isAtMarket);
        }

        var excess = shares.Left;
        if (excess > 0)
        {
            ExcessQuantity += excess;
            Enter(shares.Take(excess), execution, new TradeOrigin { SignalId = signalId }, tradeId);
        }

        return excess;
    }

    /// <summary>Says that nothing more of a parent will be executed. False where it has no open trade.</summary>
    public bool TryEndEntry(ulong parentId, out int slot)
    {
        if (!TryFindParent(parentId, out slot))
            return false;

        _pool[slot].IsEntryDone = true;
        return true;
    }

    /// <summary>Asks for a trade's end at the market. The first reason stays.</summary>
    public void RequestClose(int slot, ExitReason reason)
    {
        if (_pool[slot].CloseFor == ExitReason.Unknown)
            _pool[slot].CloseFor = reason;
    }

    /// <summary>Moves a trade's levels; 0: none.</summary>
    public void SetLevels(int slot, long stopPriceE9, long targetPriceE9)
    {
        _pool[slot].StopPriceE9 = stopPriceE9;
        _pool[slot].TargetPriceE9 = targetPriceE9;
    }

    /// <summary>Says that an exit order was sent.</summary>
    public void OnExitSent(int slot, ExitLeg leg, ulong orderId)
    {
        ref var exit = ref ExitOf(ref _pool[slot], leg);
        exit.OrderId = orderId;
        exit.Attempts++;
        exit.IsLive = true;
    }

    /// <summary>A timer is to be set for a trade. False where the one that was set last is for that time.</summary>
    public bool TrySetTimer(int slot, long atNs)
    {
        ref var trade = ref _pool[slot];
        if (trade.TimerNs == atNs)
            return false;

        trade.TimerNs = atNs;
        return true;
    }

    /// <summary>Says that nothing is to be asked of an exit before a time, as after a refused request.</summary>
    public void HoldExit(int slot, ExitLeg leg, long untilNs) => ExitOf(ref _pool[slot], leg).HoldUntilNs = untilNs;

    /// <summary>Says why an exit order has ended, and counts the ends for the phase of the market.</summary>
    /// <returns>How many those are in a row.</returns>
    public int CountPhaseRefusal(int slot, ExitLeg leg, bool isForPhase)
    {
        ref var exit = ref ExitOf(ref _pool[slot], leg);
        exit.PhaseRefusals = isForPhase ? (byte)Math.Min(exit.PhaseRefusals + 1, byte.MaxValue) : (byte)0;
        return exit.PhaseRefusals;
    }

    /// <summary>
    /// Says that an exit order has ended. A closed trade of which nothing is live is let go when the next booking
    /// begins.
    /// </summary>
    /// <param name="slot">Of the trade.</param>
    /// <param name="leg">Which exit it was.</param>
    /// <param name="isOwnDoing">
    /// Whether its end was asked for, or it never came to the venue: then it is not counted as one that was sent.
    /// </param>
    public void OnExitEnded(int slot, ExitLeg leg, bool isOwnDoing = false)
    {
        ref var trade = ref _pool[slot];
        ref var exit = ref ExitOf(ref trade, leg);
        if (!exit.IsLive)
            return;

        exit.IsLive = false;
        exit.Attempts -= isOwnDoing ? 1 : 0;
        if (trade.OpenQuantity == 0 && !trade.HasLiveExit)
            _pool.Release(slot);
    }

    public void Transfer(StateStream state)
    {
        _pool.Transfer(state);
        _excursions.Transfer(state);
        state.Array(_positions);
        state.Array(_openOf);
        state.Array(_touched);
        state.Value(ref _touchedCount);
        state.Value(ref _lastTradeId);
        OpenTrades = state.Next(OpenTrades);
        ClosedTrades = state.Next(ClosedTrades);
        ExcessQuantity = state.Next(ExcessQuantity);
        MergedExecutions = state.Next(MergedExecutions);
    }

    private static ref ExitOrder ExitOf(ref Trade trade, ExitLeg leg)
    {
        if (leg == ExitLeg.Close)
            return ref trade.Close;
        return ref leg == ExitLeg.StopLoss ? ref trade.Stop : ref trade.Target;
    }

    private Apportionment Begin(in TradeExecution execution)
    {
        _pool.FreeReleased();
        _touchedCount = 0;
        var instrument = _instruments[execution.InstrumentIndex];
        _positions[instrument.Index] += execution.Side == Side.Buy ? execution.Quantity : -execution.Quantity;
        return new Apportionment(
            instrument.ValueE6(execution.PriceE9, execution.Quantity), execution.FeeE6, execution.Quantity);
    }

    private void Reduce(
        int slot, Apportionment.Part part, in TradeExecution execution, ExitReason reason, bool isAtMarket)
    {
        ref var trade = ref _pool[slot];
        trade.ExitQuantity += part.Quantity;
        trade.ExitSumE9 += (Int128)execution.PriceE9 * part.Quantity;
        trade.ExitValueE6 += part.ValueE6;
        trade.ExitFeesE6 += part.FeeE6;
        trade.LastExitNs = execution.TimeNs;
        trade.ExitReason = reason;
        var levelE9 = reason switch
        {
            ExitReason.StopLoss => trade.StopPriceE9,
            ExitReason.TakeProfit => trade.TargetPriceE9,
            _ => 0,
        };
        if (levelE9 > 0)
        {
            var promisedE6 = _instruments[trade.InstrumentIndex].ValueE6(levelE9, part.Quantity);
            var slippedE6 = trade.Sign * (promisedE6 - part.ValueE6);
            trade.ExitSlippageE6 += isAtMarket ? Math.Max(0, slippedE6) : slippedE6;
        }

        Widen(ref trade, execution.PriceE9);
        _touched[_touchedCount++] = slot;
        if (trade.OpenQuantity == 0)
            CloseTrade(slot, ref trade);
    }

    private void Enter(
        Apportionment.Part part, in TradeExecution execution, in TradeOrigin origin, ulong repairOf)
    {
        var slot = FindOpen(execution, origin.ParentId, repairOf);
        if (slot == None)
            slot = Open(execution, origin, repairOf);

        ref var trade = ref _pool[slot];
        trade.EntryQuantity += part.Quantity;
        trade.EntrySumE9 += (Int128)execution.PriceE9 * part.Quantity;
        trade.EntryValueE6 += part.ValueE6;
        trade.EntryFeesE6 += part.FeeE6;
        Widen(ref trade, execution.PriceE9);
        _touched[_touchedCount++] = slot;
    }

    /// <summary>
    /// The trade that an execution increases: its parent's; without a parent, the youngest of the same kind; without
    /// room for another, the youngest of all.
    /// </summary>
    private int FindOpen(in TradeExecution execution, ulong parentId, ulong repairOf)
    {
        if (parentId != 0 && TryFindParent(parentId, out var slot) && _pool[slot].Side == execution.Side)
            return slot;

        var youngest = _pool.Last(execution.InstrumentIndex, execution.Side);
        if (youngest == None)
            return None;

        ref readonly var trade = ref _pool[youngest];
        if (parentId == 0 && trade.ParentId == 0 && trade.RepairOf == repairOf)
            return youngest;
        if (HasRoom)
            return None;

        MergedExecutions++;
        return youngest;
    }

    private int Open(in TradeExecution execution, in TradeOrigin origin, ulong repairOf)
    {
        if (_excursions.IsFull(execution.InstrumentIndex))
            Compact(execution.InstrumentIndex);

        var trade = new Trade
        {
            TradeId = ++_lastTradeId,
            SignalId = origin.SignalId,
            ParentId = origin.ParentId,
            RepairOf = repairOf,
            InstrumentIndex = execution.InstrumentIndex,
            Side = execution.Side,
            Strategy = origin.Strategy,
            IsEntryDone = origin.ParentId == 0,
            PlannedQuantity = origin.PlannedQuantity,
            StopPriceE9 = origin.StopPriceE9,
            TargetPriceE9 = origin.TargetPriceE9,
            ArrivalPriceE9 = origin.ArrivalPriceE9,
            ArrivalNs = origin.ArrivalNs,
            TimeOutNs = origin.HoldingNs == 0 ? 0 : execution.TimeNs + origin.HoldingNs,
            FirstEntryNs = execution.TimeNs,
            HighE9 = execution.PriceE9,
            LowE9 = execution.PriceE9,
            Epoch = _excursions.Open(execution.InstrumentIndex),
        };
        OpenTrades++;
        _openOf[execution.InstrumentIndex]++;
        return _pool.Add(trade);
    }

    private void CloseTrade(int slot, ref Trade trade)
    {
        var instrument = trade.InstrumentIndex;
        if (_excursions.TryHighSince(instrument, trade.Epoch, out var highE9))
            Widen(ref trade, highE9);
        if (_excursions.TryLowSince(instrument, trade.Epoch, out var lowE9))
            Widen(ref trade, lowE9);

        _pool.Close(slot);
        OpenTrades--;
        ClosedTrades++;
        if (--_openOf[instrument] == 0)
            _excursions.Clear(instrument);
        if (!trade.HasLiveExit)
            _pool.Release(slot);
    }

    private static void Widen(ref Trade trade, long priceE9)
    {
        trade.HighE9 = Math.Max(trade.HighE9, priceE9);
        trade.LowE9 = Math.Min(trade.LowE9, priceE9);
    }

    /// <summary>Hands the tracker the epochs of the open trades of both sides, growing.</summary>
    private void Compact(int instrument)
    {
        var count = 0;
        var buy = FirstOpen(instrument, Side.Buy);
        var sell = FirstOpen(instrument, Side.Sell);
        while (buy != None || sell != None)
        {
            var isBuyOlder = sell == None || (buy != None && _pool[buy].Epoch < _pool[sell].Epoch);
            ref var older = ref isBuyOlder ? ref buy : ref sell;
            _epochs[count++] = _pool[older].Epoch;
            older = NextOpen(older);
        }

        _excursions.Compact(instrument, _epochs.AsSpan(0, count));
    }
}
