using ExecutionPipeline.Cli.CommandLine;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>`xp hist merge`.</summary>
public static class HistMergeRunner
{
    /// <summary>Makes one log of several. Returns the exit code: 1 when lines of them were damaged.</summary>
    /// <exception cref="UsageException">There is nothing to merge.</exception>
    public static Task<int> RunAsync(
        HistMergeOptions options, IAnsiConsole console, TextWriter error, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        var faults = new LogFaults(error);
        using var file = new WholeFile(options.OutputFile);
        var written = 0L;
        ReadProgress.Run(console, options.LogFiles, onRead =>
        {
            var logs = options.LogFiles
                .Select(path => new HistogramLog(path, faults) { OnRead = onRead })
                .Select(log => log.Read(options.Selection, cancel));
            written = HistogramLog.Write(file.Stream, options.IsSum ? SumsOf(logs) : InOrder(logs));
        });

        if (written == 0)
            throw LogDigest.NothingIn(string.Join(", ", options.LogFiles), options.Selection, faults);
        file.Complete();
        console.WriteLine(FormattableString.Invariant(
            $"{written:#,0} histograms of {options.LogFiles.Count} logs in {options.OutputFile}"));
        return Task.FromResult(faults.Report());
    }

    private static IEnumerable<HistogramBase> SumsOf(IEnumerable<IEnumerable<HistogramBase>> logs)
    {
        var totals = new TagTotals();
        foreach (var interval in logs.SelectMany(log => log))
            totals.Add(interval);
        return totals.Stages.Select(stage => stage.Histogram).OrderBy(histogram => histogram.StartTimeStamp);
    }

    /// <summary>The intervals by their start, each log being in that order: one of each log is in memory.</summary>
    private static IEnumerable<HistogramBase> InOrder(IEnumerable<IEnumerable<HistogramBase>> logs)
    {
        var heads = new PriorityQueue<IEnumerator<HistogramBase>, (long StartMs, int Log)>();
        var index = 0;
        foreach (var log in logs)
            Enqueue(log.GetEnumerator(), index++);

        try
        {
            while (heads.TryPeek(out var head, out var place))
            {
                yield return head.Current;
                heads.Dequeue();
                Enqueue(head, place.Log);
            }
        }
        finally
        {
            foreach (var (head, _) in heads.UnorderedItems)
                head.Dispose();
        }

        void Enqueue(IEnumerator<HistogramBase> log, int place)
        {
            if (log.MoveNext())
                heads.Enqueue(log, (log.Current.StartTimeStamp, place));
            else
                log.Dispose();
        }
    }
}
