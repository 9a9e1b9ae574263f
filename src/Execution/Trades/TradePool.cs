using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Trades;

/// <summary>
/// The trades' memory: slots, the open trades of each instrument and side in the order of their opening, and where a
/// trade or a parent's trade is. A closed trade keeps its slot until it is released and the next booking begins, so
/// that it can be read and its last exit orders ended. Everything is O(1); one thread.
/// </summary>
internal sealed class TradePool : IStateful
{
    private const int None = -1;

    private readonly Trade[] _trades;
    private readonly IdIndex _byTrade;
    private readonly IdIndex _byParent;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int[] _first;
    private readonly int[] _last;
    private readonly int[] _free;
    private readonly int[] _released;
    private int _freeCount;
    private int _releasedCount;

    public TradePool(int instruments, int slots)
    {
        _trades = new Trade[slots];
        _byTrade = new IdIndex(slots);
        _byParent = new IdIndex(slots);
        _next = new int[slots];
        _previous = new int[slots];
        _first = new int[2 * instruments];
        _last = new int[2 * instruments];
        Array.Fill(_first, None);
        Array.Fill(_last, None);
        _free = new int[slots];
        _released = new int[slots];
        _freeCount = slots;
        for (var i = 0; i < slots; i++)
            _free[i] = slots - 1 - i;
    }

    /// <summary>Slots of open trades and of closed ones that are not released.</summary>
    public int Used => _trades.Length - _freeCount - _releasedCount;

    public ref Trade this[int slot] => ref _trades[slot];

    public bool TryFind(ulong tradeId, out int slot) => _byTrade.TryGet(tradeId, out slot);

    public bool TryFindParent(ulong parentId, out int slot) => _byParent.TryGet(parentId, out slot);

    /// <summary>The oldest open trade of a side, or -1.</summary>
    public int First(int instrument, Side side) => _first[ListOf(instrument, side)];

    /// <summary>The youngest open trade of a side, or -1.</summary>
    public int Last(int instrument, Side side) => _last[ListOf(instrument, side)];

    /// <summary>The open trade after one of the same instrument and side, or -1.</summary>
    public int Next(int slot) => _next[slot];

    /// <summary>Takes an open trade in. There must be a free slot.</summary>
    public int Add(in Trade trade)
    {
        if (_freeCount == 0)
            EvictOldestClosed();

        var slot = _free[--_freeCount];
        _trades[slot] = trade;
        _byTrade.TryAdd(trade.TradeId, slot);
        if (trade.ParentId != 0)
            _byParent.TryAdd(trade.ParentId, slot);

        var list = ListOf(trade.InstrumentIndex, trade.Side);
        _previous[slot] = _last[list];
        _next[slot] = None;
        if (_last[list] == None)
            _first[list] = slot;
        else
            _next[_last[list]] = slot;
        _last[list] = slot;
        return slot;
    }

    /// <summary>
    /// Takes a trade that has closed out of the open ones: its parent's next execution opens another.
    /// </summary>
    public void Close(int slot)
    {
        ref var trade = ref _trades[slot];
        if (trade.ParentId != 0)
            _byParent.TryRemove(trade.ParentId);

        var list = ListOf(trade.InstrumentIndex, trade.Side);
        if (_previous[slot] == None)
            _first[list] = _next[slot];
        else
            _next[_previous[slot]] = _next[slot];
        if (_next[slot] == None)
            _last[list] = _previous[slot];
        else
            _previous[_next[slot]] = _previous[slot];
    }

    /// <summary>Lets a closed trade go when the next booking begins.</summary>
    public void Release(int slot) => _released[_releasedCount++] = slot;

    /// <summary>Frees what was released before.</summary>
    public void FreeReleased()
    {
        while (_releasedCount > 0)
            Free(_released[--_releasedCount]);
    }

    public void Transfer(StateStream state)
    {
        state.Array(_trades);
        _byTrade.Transfer(state);
        _byParent.Transfer(state);
        state.Array(_next);
        state.Array(_previous);
        state.Array(_first, None);
        state.Array(_last, None);
        state.Array(_free);
        state.Array(_released);
        state.Value(ref _freeCount);
        state.Value(ref _releasedCount);
    }

    private static int ListOf(int instrument, Side side) => 2 * instrument + (side == Side.Buy ? 0 : 1);

    private void Free(int slot)
    {
        _byTrade.TryRemove(_trades[slot].TradeId);
        _free[_freeCount++] = slot;
    }

    /// <summary>
    /// Cold: so many closed trades wait for the end of their exit orders that no slot is left. What such an order still
    /// executes is booked as a trade of its own.
    /// </summary>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private void EvictOldestClosed()
    {
        var oldest = None;
        for (var slot = 0; slot < _trades.Length; slot++)
        {
            ref readonly var trade = ref _trades[slot];
            var isWaiting = trade is { OpenQuantity: 0, HasLiveExit: true };
            if (isWaiting && (oldest == None || trade.TradeId < _trades[oldest].TradeId))
                oldest = slot;
        }

        _trades[oldest].Stop.IsLive = false;
        _trades[oldest].Target.IsLive = false;
        _trades[oldest].Close.IsLive = false;
        Free(oldest);
    }
}
