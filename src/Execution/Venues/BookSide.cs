using System.Runtime.CompilerServices;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>
/// One side of a simulated book. Only the touch is known: each level behind it is taken to be one tick away and as
/// deep. What our own orders took stays gone until the market is quoted again.
/// </summary>
internal struct BookSide
{
    private long _touchE9;
    private long _stepE9;
    private int _displayed;
    private int _level;
    private int _leftAtLevel;

    /// <summary>Takes the market's new quote.</summary>
    /// <param name="priceE9">The touch, or <see cref="MarketUpdate.NoPrice"/>.</param>
    /// <param name="quantity">Contracts displayed.</param>
    /// <param name="stepE9">From one level to the next: a tick, negative for bids.</param>
    public void Quote(long priceE9, int quantity, long stepE9)
    {
        _touchE9 = Instrument.IsQuoted(priceE9, quantity) ? priceE9 : MarketUpdate.NoPrice;
        _displayed = quantity;
        _stepE9 = stepE9;
        _level = 0;
        _leftAtLevel = quantity;
    }

    public readonly bool IsQuoted => _stepE9 != 0 && _touchE9 != MarketUpdate.NoPrice;

    public readonly long TouchE9 => _touchE9;

    /// <summary>Contracts at the touch that our orders have left.</summary>
    public readonly int LeftAtTouch => IsQuoted && _level == 0 ? _leftAtLevel : 0;

    /// <summary>Whether an order of this limit could trade at the touch.</summary>
    public readonly bool Reaches(long limitE9) => IsQuoted && IsWithin(_touchE9, limitE9);

    /// <summary>Takes contracts at the touch, at most those that are left there.</summary>
    public void TakeAtTouch(int quantity) => _leftAtLevel -= quantity;

    /// <summary>Contracts displayed at a price: 0 but at the touch.</summary>
    public readonly int DisplayedAt(long priceE9) => IsQuoted && priceE9 == _touchE9 ? _displayed : 0;

    /// <summary>
    /// Takes up to <paramref name="wanted"/> contracts at the best price left, if it is within the limit and the
    /// number of levels.
    /// </summary>
    public bool TryTake(int wanted, long limitE9, int maxLevel, out int taken, out long priceE9)
    {
        taken = 0;
        priceE9 = 0;
        if (!IsQuoted)
            return false;

        if (_leftAtLevel == 0 && _level < maxLevel)
        {
            _level++;
            _leftAtLevel = _displayed;
        }

        priceE9 = _touchE9 + _level * _stepE9;
        if (_leftAtLevel == 0 || _level > maxLevel || !IsWithin(priceE9, limitE9))
            return false;

        taken = Math.Min(wanted, _leftAtLevel);
        _leftAtLevel -= taken;
        return true;
    }

    /// <summary>Contracts that <see cref="TryTake"/> would give in all, up to <paramref name="wanted"/>.</summary>
    public readonly int Available(int wanted, long limitE9, int maxLevel)
    {
        var copy = this;
        var left = wanted;
        while (left > 0 && copy.TryTake(left, limitE9, maxLevel, out var taken, out _))
            left -= taken;
        return wanted - left;
    }

    private readonly bool IsWithin(long priceE9, long limitE9) =>
        priceE9 > 0 && (_stepE9 > 0 ? priceE9 <= limitE9 : priceE9 >= limitE9);
}

/// <summary>
/// The market that orders trade with: its quote, always with the bid below the offer. Where an update shows them
/// crossed or locked, one that took a level away is missing: the side that has just changed is the market's, and the
/// other one has gone behind it. When both have changed and are crossed nobody can tell, and there is no market until
/// the next update; both at one price are taken at their word.
/// </summary>
internal struct MarketQuote
{
    public BookSide Bids;
    public BookSide Asks;

    /// <summary>What orders are taken for.</summary>
    public TradingPhase Phase;

    /// <summary>Whether what rests has been told that it is suspended.</summary>
    public bool IsSuspended;

    private const long MinuteNs = 60_000_000_000;

    private long _bidE9;
    private long _askE9;
    private long _minute;
    private long _volume;
    private long _volumeBefore;

    /// <summary>Contracts traded in the last minute with a trade or in the one before it, whichever had more.</summary>
    public readonly long MinuteVolume => Math.Max(_volume, _volumeBefore);

    /// <summary>Counts what the market has traded.</summary>
    public void CountTrade(int quantity, long timeNs)
    {
        var minute = timeNs / MinuteNs;
        if (minute != _minute)
        {
            _volumeBefore = minute == _minute + 1 ? _volume : 0;
            _volume = 0;
            _minute = minute;
        }

        _volume += quantity;
    }

    /// <summary>Whether any price is shown.</summary>
    public readonly bool IsQuoted => Bids.IsQuoted || Asks.IsQuoted;

    /// <summary>What was shown is no market any more: as before the first quote.</summary>
    public void Forget()
    {
        Bids = default;
        Asks = default;
        (_bidE9, _askE9) = (0, 0);
    }

    public void Quote(in MarketUpdate update, long tickE9)
    {
        var isCrossed = update.BidPriceE9 >= update.AskPriceE9 && update.AskPriceE9 != MarketUpdate.NoPrice;
        if (isCrossed)
        {
            Uncross(update, tickE9);
        }
        else
        {
            Bids.Quote(update.BidPriceE9, update.BidQuantity, -tickE9);
            Asks.Quote(update.AskPriceE9, update.AskQuantity, tickE9);
        }

        _bidE9 = update.BidPriceE9;
        _askE9 = update.AskPriceE9;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Uncross(in MarketUpdate update, long tickE9)
    {
        var isBidNew = update.BidPriceE9 != _bidE9;
        var isAskNew = update.AskPriceE9 != _askE9;
        if (!isBidNew && !isAskNew)
            return;

        var isUnknown = isBidNew && isAskNew && update.BidPriceE9 > update.AskPriceE9;
        var bidE9 = isBidNew ? update.BidPriceE9 : update.AskPriceE9 - tickE9;
        var askE9 = isAskNew ? update.AskPriceE9 : update.BidPriceE9 + tickE9;
        Bids.Quote(isUnknown ? MarketUpdate.NoPrice : bidE9, update.BidQuantity, -tickE9);
        Asks.Quote(isUnknown ? MarketUpdate.NoPrice : askE9, update.AskQuantity, tickE9);
    }
}
