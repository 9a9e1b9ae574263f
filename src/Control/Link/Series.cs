namespace ExecutionPipeline.Control.Link;

/// <summary>Values of which a mean and ranks are asked; those that are not known are left out.</summary>
public sealed class Series
{
    private const double Percent = 100;

    private readonly double[] _ascending;

    private Series(double[] ascending) => _ascending = ascending;

    public double? Mean => _ascending.Length == 0 ? null : _ascending.Average();

    public int Count => _ascending.Length;

    /// <summary>The values of some entries.</summary>
    public static Series Of(IEnumerable<Entry> entries, Func<Entry, double?> value) =>
        new([.. entries.Select(value).OfType<double>().Order()]);

    /// <summary>The nearest rank of a percentile, 0 to 100; null: there are no values.</summary>
    public double? Rank(double percentile) => _ascending.Length == 0
        ? null
        : _ascending[Math.Max(0, (int)Math.Ceiling(percentile / Percent * _ascending.Length) - 1)];
}
