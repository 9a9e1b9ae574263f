namespace ExecutionPipeline.HdrHistogram.Tests.Support;

/// <summary>Keeps every value and computes each figure by its definition.</summary>
internal sealed class NaiveHistogram(IEnumerable<long> values)
{
    private readonly long[] _sorted = [.. values.Order()];

    internal int Count => _sorted.Length;

    internal long Min => _sorted[0];

    internal long Max => _sorted[^1];

    internal IReadOnlyList<long> Sorted => _sorted;

    internal double Mean => _sorted.Average(value => (double)value);

    internal double StdDeviation
    {
        get
        {
            var mean = Mean;
            return Math.Sqrt(_sorted.Average(value => (value - mean) * (value - mean)));
        }
    }

    /// <summary>The sample at a whole-numbered rank, the lowest being 1.</summary>
    internal long AtRank(int rank) => _sorted[rank - 1];

    internal double PercentAtOrBelow(long value) => 100.0 * _sorted.Count(sample => sample <= value) / Count;

    internal long CountBetween(long from, long to) => _sorted.LongCount(sample => sample >= from && sample <= to);
}
