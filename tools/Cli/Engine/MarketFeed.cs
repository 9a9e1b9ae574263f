using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Cli.Engine;

/// <summary>
/// Plays a market source against the clock. A pause in the data of more than <see cref="LongestGapNs"/> of playing
/// time is cut to that, so that a quiet night does not stop the demo's market.
/// </summary>
public sealed class MarketFeed
{
    /// <summary>The longest pause between two updates, in nanoseconds of playing time.</summary>
    public const long LongestGapNs = 1_000_000_000;

    private readonly IMarketSource _source;
    private readonly double _speed;
    private MarketUpdate _next;
    private MarketUpdate _quote;
    private long _dueNs;

    /// <summary>Reads the first update.</summary>
    /// <param name="source">Updates in the order of their time.</param>
    /// <param name="speed">How fast they play; 1 is real time.</param>
    public MarketFeed(IMarketSource source, double speed)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _speed = speed;
        ReadNext();
    }

    /// <summary>There is another update.</summary>
    public bool HasNext { get; private set; }

    /// <summary>Where the data are cut off or damaged, once played up to there; null: nowhere yet.</summary>
    public string? Problem { get; private set; }

    /// <summary>What came of the records played so far.</summary>
    public MarketCounts Counts => _source.Counts;

    /// <summary>The last update taken that had both sides, uncrossed: what signals take their price from.</summary>
    public ref readonly MarketUpdate Quote => ref _quote;

    /// <summary>There has been an update with both sides.</summary>
    public bool HasQuote => _quote.BidQuantity > 0;

    /// <summary>The next update; its time is due from <paramref name="nowNs"/> on.</summary>
    public bool IsDue(long nowNs) => HasNext && nowNs >= _dueNs;

    /// <summary>Starts the clock: the next update is due at once.</summary>
    public void Start(long nowNs) => _dueNs = nowNs;

    /// <summary>Takes the next update and reads the one after it. Call only while there is one.</summary>
    public void Take(out MarketUpdate update)
    {
        update = _next;
        var hasBoth = update.BidQuantity > 0 && update.AskQuantity > 0;
        if (hasBoth && update.BidPriceE9 < update.AskPriceE9)
            _quote = update;

        ReadNext();
        if (HasNext)
            _dueNs += GapNs(_next.ExchangeTimeNs - update.ExchangeTimeNs);
    }

    /// <summary>Damaged data end where the damage is: the market stands still from then on, and it is told.</summary>
    private void ReadNext()
    {
        try
        {
            HasNext = _source.TryNext(ref _next);
        }
        catch (DbnFormatException problem)
        {
            HasNext = false;
            Problem = problem.Message;
        }
    }

    private long GapNs(long exchangeNs) => (long)Math.Clamp(exchangeNs / _speed, 0, LongestGapNs);
}
