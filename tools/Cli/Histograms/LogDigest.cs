using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Reports;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>What is kept of a log that has been read: the sum of each tag, and points over time.</summary>
public sealed class LogDigest
{
    private readonly TagTotals _totals = new();
    private readonly OrderedDictionary<string, IntervalSeries> _series = [];

    private LogDigest(string path) => Path = path;

    /// <summary>The log's file.</summary>
    public string Path { get; }

    /// <summary>When the log began, in milliseconds since 1970.</summary>
    public long StartMs { get; private set; }

    /// <summary>Intervals that were selected.</summary>
    public long IntervalCount { get; private set; }

    /// <summary>The sums by tag, in the order in which the tags first came.</summary>
    public IReadOnlyList<StageHistogram> Stages => _totals.Stages;

    /// <summary>The points over time, by tag.</summary>
    public IReadOnlyDictionary<string, IntervalSeries> Series => _series;

    /// <summary>Reads logs one after the other.</summary>
    /// <param name="paths">The logs.</param>
    /// <param name="selection">Which intervals to take.</param>
    /// <param name="bar">Where a progress bar goes if it is a terminal; null: nowhere.</param>
    /// <param name="faults">Told of the lines that are skipped.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <param name="onInterval">Called with each interval and the time at which its log began (ms).</param>
    /// <exception cref="UsageException">A log has no histogram that is selected.</exception>
    public static IReadOnlyList<LogDigest> ReadAll(
        IReadOnlyList<string> paths, LogSelection selection, IAnsiConsole? bar, LogFaults faults,
        CancellationToken cancel, Action<HistogramBase, long>? onInterval = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var digests = paths.Select(path => new LogDigest(path)).ToList();
        ReadProgress.Run(bar, paths, onRead =>
        {
            foreach (var digest in digests)
                digest.Read(new HistogramLog(digest.Path, faults) { OnRead = onRead }, selection, cancel, onInterval);
        });
        foreach (var digest in digests.Where(digest => digest.IntervalCount == 0))
            throw NothingIn(digest.Path, selection, faults);
        return digests;
    }

    /// <summary>Says that a log has no histogram that is selected, and why.</summary>
    public static UsageException NothingIn(string path, LogSelection selection, LogFaults faults)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(faults);
        faults.Report();
        var tags = selection.Tags is { } names ? $" with the tag '{names}'" : "";
        var time = selection.Start is null && selection.End is null ? "" : " in the selected time";
        return new UsageException($"{path}: there is no histogram{tags}{time} in it");
    }

    private void Read(
        HistogramLog log, LogSelection selection, CancellationToken cancel, Action<HistogramBase, long>? onInterval)
    {
        foreach (var interval in log.Read(selection, cancel))
        {
            IntervalCount++;
            _totals.Add(interval);
            var tag = TagTotals.NameOf(interval);
            if (!_series.TryGetValue(tag, out var series))
                _series.Add(tag, series = new IntervalSeries());
            series.Add(interval);
            onInterval?.Invoke(interval, log.StartMs);
        }

        StartMs = log.StartMs;
    }
}

/// <summary>
/// Adds up histograms of any settings: range and precision grow to those of the widest and finest so far.
/// </summary>
/// <remarks>
/// The memory it takes depends on the settings alone, not on how many histograms there are, so that a log of any
/// length can be added up while it is read.
/// </remarks>
public sealed class HistogramMerger
{
    /// <summary>How many histograms have been added.</summary>
    public long IntervalCount { get; private set; }

    /// <summary>
    /// The sum so far, from the earliest start to the latest end, and with the tag if all have the same one; null
    /// while there is none. Its counts have 64 bits, whatever those of the histograms have.
    /// </summary>
    public HistogramBase? Merged { get; private set; }

    /// <summary>Adds a histogram.</summary>
    public void Add(HistogramBase interval)
    {
        ArgumentNullException.ThrowIfNull(interval);
        IntervalCount++;
        var before = Merged;
        var merged = WidenedFor(before, interval);
        merged.Add(interval);
        merged.StartTimeStamp = Math.Min(before?.StartTimeStamp ?? long.MaxValue, interval.StartTimeStamp);
        merged.EndTimeStamp = Math.Max(before?.EndTimeStamp ?? long.MinValue, interval.EndTimeStamp);
        merged.Tag = before is null || before.Tag == interval.Tag ? interval.Tag : null;
        Merged = merged;
    }

    private static HistogramBase WidenedFor(HistogramBase? merged, HistogramBase interval)
    {
        var lowest = Math.Min(merged?.LowestTrackableValue ?? long.MaxValue, interval.LowestTrackableValue);
        var digits = Math.Max(merged?.NumberOfSignificantValueDigits ?? 0, interval.NumberOfSignificantValueDigits);
        var highest = Math.Max(merged?.HighestTrackableValue ?? 0, interval.HighestTrackableValue);
        if (merged is null)
            return new LongHistogram(lowest, highest, digits);

        if (lowest == merged.LowestTrackableValue
            && highest == merged.HighestTrackableValue
            && digits == merged.NumberOfSignificantValueDigits
            && (lowest == interval.LowestTrackableValue && interval.BucketCount <= merged.BucketCount))
        {
            return merged;
        }

        // A histogram may hold values above the range that it was asked for.
        highest = Math.Max(highest, Math.Max(Distribution.Of(merged).Max, Distribution.Of(interval).Max));
        var wider = new LongHistogram(lowest, highest, digits);
        wider.Add(merged);
        return wider;
    }
}

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

/// <summary>A point of a plot over time: percentiles of an interval, in nanoseconds.</summary>
/// <param name="EndMs">When it ended, in milliseconds since 1970.</param>
/// <param name="P50">The median.</param>
/// <param name="P99">The 99th percentile.</param>
/// <param name="P999">The 99.9th percentile.</param>
/// <param name="Max">The highest value.</param>
public readonly record struct IntervalPoint(long EndMs, long P50, long P99, long P999, long Max)
{
    /// <summary>The figures of an interval.</summary>
    public static IntervalPoint Of(HistogramBase interval)
    {
        ArgumentNullException.ThrowIfNull(interval);
        var values = Distribution.Of(interval);
        return new IntervalPoint(
            interval.EndTimeStamp, values.ValueAt(50), values.ValueAt(99), values.ValueAt(99.9), values.Max);
    }

    /// <summary>The later end and the higher of each figure.</summary>
    public IntervalPoint HigherOf(IntervalPoint other) => new(
        Math.Max(EndMs, other.EndMs),
        Math.Max(P50, other.P50),
        Math.Max(P99, other.P99),
        Math.Max(P999, other.P999),
        Math.Max(Max, other.Max));
}

/// <summary>
/// The intervals of a log as points of a plot, of which there is a limited number: when it is reached, neighbours
/// join, and a point has the highest figures of its stretch, so that no spike is lost.
/// </summary>
public sealed class IntervalSeries
{
    /// <summary>The most points there are.</summary>
    public const int MaxPoints = 2048;

    private readonly List<IntervalPoint> _points = [];
    private int _intervalsPerPoint = 1;
    private int _intervalsInLast;

    /// <summary>The points, in the order of the log.</summary>
    public IReadOnlyList<IntervalPoint> Points => _points;

    /// <summary>Adds the next interval.</summary>
    public void Add(HistogramBase interval)
    {
        var point = IntervalPoint.Of(interval);
        if (_points.Count > 0 && _intervalsInLast < _intervalsPerPoint)
        {
            _points[^1] = _points[^1].HigherOf(point);
            _intervalsInLast++;
            return;
        }

        if (_points.Count == MaxPoints)
            JoinNeighbours();
        _points.Add(point);
        _intervalsInLast = 1;
    }

    private void JoinNeighbours()
    {
        for (var i = 0; i < MaxPoints / 2; i++)
            _points[i] = _points[2 * i].HigherOf(_points[2 * i + 1]);
        _points.RemoveRange(MaxPoints / 2, MaxPoints / 2);
        _intervalsPerPoint *= 2;
    }
}

/// <summary>A bar on a terminal that says how much of the logs is read; nothing where output goes to a file.</summary>
public static class ReadProgress
{
    /// <summary>Reads while the bar is shown.</summary>
    /// <param name="console">Where the bar goes; null: nowhere.</param>
    /// <param name="paths">The files that are read.</param>
    /// <param name="read">Reads, and tells the function it is given how many more bytes have been read.</param>
    public static void Run(IAnsiConsole? console, IEnumerable<string> paths, Action<Action<long>> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (console is null || !console.Profile.Out.IsTerminal)
        {
            read(_ => { });
            return;
        }

        var totalBytes = paths.Sum(path => new FileInfo(path).Length);
        console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .Start(context =>
            {
                var task = context.AddTask("reading", maxValue: Math.Max(1, totalBytes));
                read(bytes => task.Increment(bytes));
            });
    }
}
