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
