using System.Globalization;
using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;

namespace ExecutionPipeline.Execution.Venues.Matching;

/// <summary>How an order-by-order exchange behaves.</summary>
public sealed record MatchingVenueOptions
{
    /// <summary>
    /// The book of each instrument. Its protection is the venue's for market orders. Default null: a book with the
    /// defaults, but laid out for all prices of its instrument.
    /// </summary>
    public MatchingBookOptions? Book { get; init; }

    /// <summary>What a request or a report takes on its way, in nanoseconds. Default 0.</summary>
    public long LatencyNs { get; init; }

    /// <summary>The most that is added to each way at random, in nanoseconds. Default 0.</summary>
    public long JitterNs { get; init; }

    /// <summary>Of the jitter. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Requests and reports that can be on their way at once; more arrive at once. Default 65,536.</summary>
    public int MessageCapacity { get; init; } = 65_536;

    /// <summary>Orders of all participants that can rest at once; more are rejected. Default 65,536.</summary>
    public int MaxOrders { get; init; } = 65_536;

    /// <summary>Whether the phases follow the instruments' calendars. Default no: trading is continuous.</summary>
    public bool EnforceSessions { get; init; }

    /// <summary>How long the opening auction collects orders, in minutes. Only with sessions. Default 0.</summary>
    public int OpeningCallMinutes { get; init; }

    /// <summary>When day orders expire where sessions are not enforced.</summary>
    public TradingDayOptions TradingDay { get; init; } = new();

    /// <summary>What an instrument's book is laid out for.</summary>
    /// <exception cref="ArgumentException">It has more prices than a book can have.</exception>
    internal MatchingBookOptions BookOf(Instrument instrument)
    {
        if (Book is not null)
            return Book;

        const int most = PriceLadder.MaxLevels - 1;
        var ticks = instrument.MaxPriceE9 / instrument.TickSizeE9;
        if (ticks > most)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"matching venue: {instrument.Symbol} has {ticks:N0} prices, and a book has {most:N0} at most: set its "
                + $"max_price to {most * (instrument.TickSizeE9 / 1e9m):#,0.######} points or less, or a larger "
                + $"tick_size."));
        }

        return new MatchingBookOptions { MaxPriceTicks = (int)Math.Max(1, ticks) };
    }

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        Book?.Validate();
        if (LatencyNs < 0 || JitterNs < 0)
            throw new ArgumentException("matching venue: set latency and jitter to 0 ns or more.");
        if (MessageCapacity is < 1 or > 1 << 24 || MaxOrders is < 1 or > 1 << 24)
            throw new ArgumentException("matching venue: set both capacities to 1 to 16,777,216.");
        if (OpeningCallMinutes is < 0 or > 720)
            throw new ArgumentException("matching venue: set the opening call to 0 to 720 minutes.");
    }
}
