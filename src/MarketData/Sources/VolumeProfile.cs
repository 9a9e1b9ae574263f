using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.MarketData.Sources;

/// <summary>Volume by time of day, gathered from the trades of recorded days.</summary>
public sealed class VolumeProfile
{
    private readonly long[] _volumes;
    private readonly long _bucketNs;
    private long _lastOpenNs = long.MaxValue;

    /// <param name="bucketNs">How long a bucket is, such as 300,000,000,000 for five minutes.</param>
    /// <param name="buckets">Buckets from a session's open to its close.</param>
    public VolumeProfile(long bucketNs, int buckets)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bucketNs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(buckets);
        (_bucketNs, _volumes) = (bucketNs, new long[buckets]);
    }

    /// <summary>Days that there were trades in the session of.</summary>
    public int Days { get; private set; }

    /// <summary>Contracts traded within the session, by bucket, of all days.</summary>
    public ReadOnlySpan<long> Volumes => _volumes;

    /// <summary>Contracts traded outside of the session, which are in no bucket.</summary>
    public long VolumeOutside { get; private set; }

    /// <summary>Adds the trades of a source to its end.</summary>
    /// <param name="source">Trades of one or more days in the order of time.</param>
    /// <param name="openNs">The open of the session that a time belongs to, both in ns since the epoch.</param>
    public void Add(IMarketSource source, Func<long, long> openNs)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(openNs);
        for (var update = default(MarketUpdate); source.TryNext(ref update);)
        {
            if (update.TradeQuantity > 0)
                Add(openNs(update.ExchangeTimeNs), update.ExchangeTimeNs, update.TradeQuantity);
        }
    }

    /// <summary>Contracts by bucket of an average day; empty before the first trade.</summary>
    public double[] AverageDay() => Days == 0 ? [] : [.. _volumes.Select(volume => (double)volume / Days)];

    /// <summary>Adds a trade.</summary>
    /// <param name="openNs">The open of its session, in ns since the epoch.</param>
    /// <param name="timeNs">When it was, in ns since the epoch; sessions come in order of time.</param>
    /// <param name="quantity">Contracts.</param>
    public void Add(long openNs, long timeNs, int quantity)
    {
        var sinceOpenNs = timeNs - openNs;
        var bucket = sinceOpenNs < 0 ? -1 : sinceOpenNs / _bucketNs;
        if (bucket < 0 || bucket >= _volumes.Length)
        {
            VolumeOutside += quantity;
            return;
        }

        if (openNs != _lastOpenNs)
            (Days, _lastOpenNs) = (Days + 1, openNs);

        _volumes[bucket] += quantity;
    }
}
