using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>The sums of the histograms of each tag: all that is kept of a log, whatever its length.</summary>
public sealed class TagTotals
{
    /// <summary>Stands for no tag. No tag can be so, since none has a space.</summary>
    public const string Untagged = "(no tag)";

    private readonly OrderedDictionary<string, HistogramMerger> _byTag = [];

    /// <summary>The sums by tag, in the order in which the tags first came.</summary>
    public IReadOnlyList<StageHistogram> Stages =>
        [.. _byTag.Select(tag => new StageHistogram(tag.Key, tag.Value.Merged!))];

    /// <summary>The name of a histogram's tag.</summary>
    public static string NameOf(HistogramBase histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        return string.IsNullOrEmpty(histogram.Tag) ? Untagged : histogram.Tag;
    }

    /// <summary>Adds a histogram to those of its tag.</summary>
    public void Add(HistogramBase histogram)
    {
        var tag = NameOf(histogram);
        if (!_byTag.TryGetValue(tag, out var merger))
            _byTag.Add(tag, merger = new HistogramMerger());
        merger.Add(histogram);
    }
}
