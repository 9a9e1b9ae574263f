namespace ExecutionPipeline.MarketData.Sources;

/// <summary>
/// The trades of one event: they are held back until the event has ended, then taken one by one. The array grows to
/// the busiest event and stays.
/// </summary>
internal sealed class TradeQueue
{
    private MarketTrade[] _trades = new MarketTrade[64];
    private int _added;
    private int _released;
    private int _taken;

    /// <summary>Whether there are trades that have not been taken.</summary>
    public bool HasPending => _added > _taken;

    /// <summary>Whether there are trades to take.</summary>
    public bool HasReleased => _released > _taken;

    public void Add(MarketTrade trade)
    {
        if (_added == _trades.Length)
            Array.Resize(ref _trades, _added * 2);

        _trades[_added++] = trade;
    }

    /// <summary>The event has ended: its trades may be taken.</summary>
    public void Release() => _released = _added;

    public bool TryTake(out MarketTrade trade)
    {
        if (_taken == _released)
        {
            trade = default;
            return false;
        }

        trade = _trades[_taken++];
        if (_taken == _added)
            (_added, _released, _taken) = (0, 0, 0);

        return true;
    }
}
