using System.Numerics;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>One row of a percentile distribution.</summary>
/// <param name="Percentile">0 to 100.</param>
/// <param name="Value">The value that so many per cent of the values do not exceed, in the histogram's unit.</param>
/// <param name="CountUpToIt">How many values do not exceed it.</param>
public readonly record struct PercentileRow(double Percentile, long Value, long CountUpToIt);

/// <summary>
/// What a histogram says, as every figure and page of this program states it. One rule for ranks holds everywhere,
/// Java's: the value at a percentile is the lowest one that at least so many per cent of the values do not exceed.
/// </summary>
/// <remarks>
/// The official library rounds ranks to the nearest, and it works out the width of a slot in 32 bits, which makes
/// values from 2^42 on wrong at three digits, so only the counts are taken from it.
/// </remarks>
public sealed class Distribution
{
    private readonly List<int> _indexes = [];
    private readonly List<long> _lowest = [];
    private readonly List<long> _highest = [];
    private readonly List<long> _countsUpTo = [];

    private Distribution(HistogramBase histogram)
    {
        var half = histogram.SubBucketCount / 2;
        var unit = BitOperations.Log2((ulong)histogram.LowestTrackableValue);
        for (var bucket = 0; bucket < histogram.BucketCount; bucket++)
        {
            for (var slot = bucket == 0 ? 0 : half; slot < histogram.SubBucketCount; slot++)
            {
                var value = (long)slot << (bucket + unit);
                if (value >> (bucket + unit) != slot)
                    return;

                if (histogram.GetCountAtValue(value) is var count and > 0)
                    Add(bucket * half + slot, value, 1L << (bucket + unit), count);
            }
        }
    }

    /// <summary>How many values there are.</summary>
    public long Count => _countsUpTo.Count == 0 ? 0 : _countsUpTo[^1];

    /// <summary>The lowest value; 0 where there is none.</summary>
    public long Min => Count == 0 ? 0 : _lowest[0];

    /// <summary>The highest value, up to the width of its slot; 0 where there is none.</summary>
    public long Max => Count == 0 ? 0 : _highest[^1];

    /// <summary>The mean, each value standing in the middle of its slot; 0 where there is none.</summary>
    public double Mean => Count == 0 ? 0 : Enumerable.Range(0, _lowest.Count).Sum(i => Middle(i) * CountAt(i)) / Count;

    /// <summary>The standard deviation; 0 where there is no value.</summary>
    public double StandardDeviation
    {
        get
        {
            var mean = Mean;
            return Count == 0 ? 0 : Math.Sqrt(
                Enumerable.Range(0, _lowest.Count).Sum(i => Math.Pow(Middle(i) - mean, 2) * CountAt(i)) / Count);
        }
    }

    /// <summary>Takes the counts of a histogram, as they are now.</summary>
    public static Distribution Of(HistogramBase histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        return new Distribution(histogram);
    }

    /// <summary>
    /// The value that at least so many per cent of the values do not exceed, up to the width of its slot; 0 where there
    /// is none.
    /// </summary>
    /// <param name="percentile">0 to 100.</param>
    public long ValueAt(double percentile)
    {
        if (Count == 0)
            return 0;

        // One step down, so that a percentile that has no exact form as a double asks for no rank too many.
        var share = Math.Clamp(Math.BitDecrement(percentile), 0, 100);
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count / 100));
        var place = _countsUpTo.BinarySearch(rank);
        place = place < 0 ? ~place : place;
        return percentile <= 0 ? _lowest[place] : _highest[place];
    }

    /// <summary>The share of values, 0 to 1, that do not exceed a value; 1 where there is none.</summary>
    public double ShareUpTo(long value)
    {
        var place = _highest.BinarySearch(value);
        place = place < 0 ? ~place - 1 : place;
        return Count == 0 ? 1 : place < 0 ? 0 : (double)_countsUpTo[place] / Count;
    }

    /// <summary>
    /// The rows of the usual percentile output: so many for each halving of the distance to 100 %, and the maximum.
    /// </summary>
    /// <param name="rowsPerHalving">At least 1.</param>
    public IEnumerable<PercentileRow> Rows(int rowsPerHalving)
    {
        var percentile = 0.0;
        for (var i = 0; i < _highest.Count; i++)
        {
            while (100.0 * _countsUpTo[i] / Count >= percentile)
            {
                yield return new PercentileRow(percentile, _highest[i], _countsUpTo[i]);
                var halvings = Math.Floor(Math.Log2(100 / (100 - percentile))) + 1;
                percentile += 100 / (rowsPerHalving * Math.Pow(2, halvings));
                if (_countsUpTo[i] == Count)
                    break;
            }
        }

        if (Count > 0)
            yield return new PercentileRow(100, Max, Count);
    }

    /// <summary>The highest values of the slots that have a count, ascending.</summary>
    public IReadOnlyList<long> Values => _highest;

    /// <summary>The counts of all slots up to the last one that has a count, at least one slot.</summary>
    public long[] ToCounts()
    {
        var counts = new long[_indexes.Count == 0 ? 1 : _indexes[^1] + 1];
        for (var i = 0; i < _indexes.Count; i++)
            counts[_indexes[i]] = CountAt(i);
        return counts;
    }

    private void Add(int index, long value, long width, long count)
    {
        _countsUpTo.Add(Count + count);
        _indexes.Add(index);
        _lowest.Add(value);
        _highest.Add(value + (width - 1));
    }

    private long CountAt(int place) => place == 0 ? _countsUpTo[0] : _countsUpTo[place] - _countsUpTo[place - 1];

    private double Middle(int place) => _lowest[place] + (_highest[place] - _lowest[place] + 1) / 2;
}
