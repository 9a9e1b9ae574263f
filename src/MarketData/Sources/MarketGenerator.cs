using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.MarketData.Sources;

/// <summary>
/// A market without end, from a seed: the book is one tick wide most of the time, trades eat up a best level until
/// the price moves, and updates arrive as a Poisson process whose rate strays about its mean and comes back (an
/// Ornstein-Uhlenbeck process in the logarithm), so that volatility comes in clusters. It serves demonstrations and
/// tests; it is not fitted to any market.
/// </summary>
public sealed class MarketGenerator : IMarketSource
{
    private const double NanosecondsPerSecond = 1e9;
    private const double MeanTradeQuantity = 3.3;
    private const double ContractsPerOrder = 2.5;

    // How likely the next buyer follows a buyer; how soon a gap is closed, and by the side that the price moved
    // towards; how likely a last order is cancelled, which moves the price without a trade.
    private const double AggressorPersistence = 0.6;
    private const double GapClosing = 0.9;
    private const double FollowThrough = 0.55;
    private const double LevelFading = 0.02;
    private const long LeastBidTicks = 2;

    private readonly MarketGeneratorOptions _options;
    private readonly long _mostBidTicks;
    private readonly double _meanGapNs;
    private SplitMix64 _random;
    private double _activity;
    private long _timeNs;
    private long _bidTicks;
    private long _spreadTicks = 1;
    private int _bidQuantity;
    private int _askQuantity;
    private bool _isBuying;

    /// <param name="options">Defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public MarketGenerator(MarketGeneratorOptions? options = null)
    {
        _options = options ?? new MarketGeneratorOptions();
        _options.Validate();
        _random = new SplitMix64(_options.Seed);
        _timeNs = _options.StartTimeNs;
        _bidTicks = Math.Max(_options.StartPriceE9 / _options.TickSizeE9, LeastBidTicks);
        _mostBidTicks = _bidTicks * 2;

        // The mean of a log-normal factor is above 1; without it there would be more updates than were asked for.
        var deviation = _options.ActivityDeviation;
        _meanGapNs = NanosecondsPerSecond / _options.UpdatesPerSecond * Math.Exp(deviation * deviation / 2);
        _activity = deviation * _random.NextNormal();
        (_bidQuantity, _askQuantity) = (NewLevel(), NewLevel());
    }

    public MarketCapabilities Capabilities => new(MarketDetail.BestQuotes, 1, HasTrades: true);

    public MarketCounts Counts => default;

    public bool TryNext(ref MarketUpdate update)
    {
        update = default;
        update.TradePriceE9 = MarketUpdate.NoPrice;
        PassTime();
        if (_random.IsNext(_options.TradeFraction))
            Trade(ref update);
        else if (_spreadTicks > 1 && _random.IsNext(GapClosing))
            CloseGap();
        else
            ChangeLevel();

        WriteQuote(ref update);
        return true;
    }

    public int CopyDepth(Side side, Span<BookLevel> levels)
    {
        if (levels.IsEmpty)
            return 0;

        var (ticks, quantity) = side == Side.Buy ? (_bidTicks, _bidQuantity) : (_bidTicks + _spreadTicks, _askQuantity);
        levels[0] = new BookLevel(ticks * _options.TickSizeE9, quantity, OrdersOf(quantity));
        return 1;
    }

    private void PassTime()
    {
        var gapNs = Math.Max(1, Math.Round(_random.NextExponential() * _meanGapNs * Math.Exp(-_activity)));
        var reversion = Math.Exp(-gapNs / NanosecondsPerSecond / _options.ActivityReversionS);
        var noise = _options.ActivityDeviation * Math.Sqrt(1 - reversion * reversion);
        _activity = _activity * reversion + noise * _random.NextNormal();
        _timeNs += (long)gapNs;
    }

    private void Trade(ref MarketUpdate update)
    {
        if (!_random.IsNext(AggressorPersistence))
            _isBuying = !_isBuying;

        ref var level = ref _isBuying ? ref _askQuantity : ref _bidQuantity;
        var quantity = Math.Min(_random.NextGeometric(MeanTradeQuantity), level);
        update.TradePriceE9 = (_isBuying ? _bidTicks + _spreadTicks : _bidTicks) * _options.TickSizeE9;
        update.TradeQuantity = quantity;
        update.Aggressor = _isBuying ? Side.Buy : Side.Sell;
        level -= quantity;
        if (level == 0)
            MoveLevel(_isBuying);
    }

    /// <summary>The best level of a side is gone; the next one, a tick away, takes its place.</summary>
    private void MoveLevel(bool isAsk)
    {
        _spreadTicks++;
        if (isAsk)
        {
            _askQuantity = NewLevel();
        }
        else
        {
            _bidTicks--;
            _bidQuantity = NewLevel();
        }

        // The range keeps prices positive and far from any integer's end, however long the market runs.
        if (_bidTicks < LeastBidTicks)
            (_bidTicks, _spreadTicks) = (LeastBidTicks, _spreadTicks - 1);
        else if (_bidTicks + _spreadTicks > _mostBidTicks)
            _spreadTicks--;
    }

    private void CloseGap()
    {
        _spreadTicks--;
        if (_random.IsNext(FollowThrough) == _isBuying)
        {
            _bidTicks++;
            _bidQuantity = NewLevel();
        }
        else
        {
            _askQuantity = NewLevel();
        }
    }

    private void ChangeLevel()
    {
        var isAsk = _random.IsNext(0.5);
        ref var level = ref isAsk ? ref _askQuantity : ref _bidQuantity;

        // Orders come more often than they go where there are few, and the other way round.
        var share = level / (double)(level + _options.MeanLevelQuantity);
        var quantity = _random.NextGeometric(ContractsPerOrder);
        if (!_random.IsNext(share))
            level += quantity;
        else if (quantity < level)
            level -= quantity;
        else if (_random.IsNext(LevelFading))
            MoveLevel(isAsk);
        else
            level = 1;
    }

    private void WriteQuote(ref MarketUpdate update)
    {
        update.BidPriceE9 = _bidTicks * _options.TickSizeE9;
        update.AskPriceE9 = (_bidTicks + _spreadTicks) * _options.TickSizeE9;
        update.BidQuantity = _bidQuantity;
        update.AskQuantity = _askQuantity;
        update.BidOrders = OrdersOf(_bidQuantity);
        update.AskOrders = OrdersOf(_askQuantity);
        update.ExchangeTimeNs = _timeNs;
        update.SendTimeNs = update.ExchangeTimeNs;
    }

    private int NewLevel() => _random.NextGeometric(_options.MeanLevelQuantity);

    private static int OrdersOf(int quantity) => (int)Math.Ceiling(quantity / ContractsPerOrder);
}
