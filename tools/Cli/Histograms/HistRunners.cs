using System.Globalization;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Reports;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>`xp hist print` and `xp hist csv`.</summary>
public static class HistPrinter
{
    /// <summary>Prints what a log has. Returns the exit code: 1 when lines of it were damaged.</summary>
    /// <exception cref="UsageException">There is nothing to print.</exception>
    public static Task<int> RunAsync(
        HistPrintOptions options, IAnsiConsole console, TextWriter error, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        var faults = new LogFaults(error);
        using var file = options.OutputFile is null ? null : new WholeFile(options.OutputFile);
        var output = file is null ? console.Profile.Out.Writer : new StreamWriter(file.Stream);

        // Lines that go to the terminal while the log is read show how far it is.
        var hasBar = options.View != HistView.Intervals || file is not null;
        var onInterval = options.View == HistView.Intervals ? LineWriter(output, options, console) : null;
        var digest = LogDigest.ReadAll(
            [options.LogFile], options.Selection, hasBar ? console : null, faults, cancel, onInterval)[0];
        if (options.View == HistView.Totals && !options.IsCsv)
            WriteTable(console, digest);
        else if (options.View != HistView.Intervals)
            WriteTotals(output, digest, options);

        output.Flush();
        file?.Complete();
        HistJson.Write(options.JsonFile, [digest], faults);
        return Task.FromResult(faults.Report());
    }

    private static Action<HistogramBase, long> LineWriter(
        TextWriter output, HistPrintOptions options, IAnsiConsole console)
    {
        // A file has no width.
        var isNarrow = options.OutputFile is null && console.Profile.Width < FigureLines.TextColumns;
        output.WriteLine(options.IsCsv ? FigureLines.CsvHeader : FigureLines.TextHeader(isNarrow));
        return (interval, logStartMs) => output.WriteLine(
            options.IsCsv ? FigureLines.Csv(interval) : FigureLines.Text(interval, logStartMs, isNarrow));
    }

    private static void WriteTotals(TextWriter output, LogDigest digest, HistPrintOptions options)
    {
        if (options is { View: HistView.Percentiles, IsCsv: false })
        {
            PercentileText.Write(output, digest.Stages);
            return;
        }

        var isTotals = options.View == HistView.Totals;
        output.WriteLine(isTotals ? FigureLines.CsvHeader : FigureLines.PercentilesCsvHeader);
        foreach (var line in digest.Stages.SelectMany(
            stage => isTotals ? [FigureLines.Csv(stage.Histogram)] : FigureLines.PercentilesCsv(stage.Histogram)))
        {
            output.WriteLine(line);
        }
    }

    private static void WriteTable(IAnsiConsole console, LogDigest digest) => FigureTable.Write(
        console, "us", ["tag", "count", "mean", "p50", "p90", "p99", "p99.9", "p99.99", "max"],
        [.. digest.Stages.Select(static stage => (string[])[stage.Name, .. FigureLines.Cells(stage.Histogram)])]);
}

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

/// <summary>`xp hist compare`.</summary>
public static class HistCompareRunner
{
    /// <summary>Shows two logs side by side. Returns the exit code: 1 when lines of them were damaged.</summary>
    /// <exception cref="UsageException">There is nothing to compare.</exception>
    public static Task<int> RunAsync(
        HistCompareOptions options, IAnsiConsole console, TextWriter error, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        var faults = new LogFaults(error);
        var digests = LogDigest.ReadAll(
            [options.BaselineFile, options.CandidateFile], options.Selection, console, faults, cancel);
        var pairs = PairsOf(digests[0], digests[1]);
        var comparisons = pairs.ToDictionary(
            pair => pair.Name, pair => PercentileComparison.Compare(pair.Baseline, pair.Candidate));

        console.WriteLine($"A {PrintableText.Escape(options.BaselineFile)}");
        console.WriteLine($"B {PrintableText.Escape(options.CandidateFile)}");
        foreach (var (name, baseline, candidate) in pairs)
        {
            console.WriteLine();
            WriteTable(console, name, comparisons[name]);
            foreach (var line in TerminalPlot.Lines(baseline, candidate))
                console.WriteLine(line);
        }

        if (options.ReportFile is not null)
            HistogramPage.Write(options.ReportFile, digests, comparisons);
        HistJson.Write(options.JsonFile, digests, faults, comparisons);
        return Task.FromResult(faults.Report());
    }

    /// <summary>The sums of the tags that both logs have; of two logs with one tag each, whatever these are.</summary>
    private static List<(string Name, HistogramBase Baseline, HistogramBase Candidate)> PairsOf(
        LogDigest baseline, LogDigest candidate)
    {
        if (baseline.Stages is [var left] && candidate.Stages is [var right] && left.Name != right.Name)
            return [($"{left.Name} and {right.Name}", left.Histogram, right.Histogram)];

        var pairs = baseline.Stages
            .Join(candidate.Stages, stage => stage.Name, stage => stage.Name, (one, other) =>
                (one.Name, one.Histogram, other.Histogram))
            .ToList();
        return pairs.Count > 0
            ? pairs
            : throw new UsageException(
                $"the logs have no tag in common: {TagsOf(baseline)} in {baseline.Path}, "
                + $"{TagsOf(candidate)} in {candidate.Path}");
    }

    private static string TagsOf(LogDigest log) => string.Join(", ", log.Stages.Select(stage => stage.Name));

    private static void WriteTable(IAnsiConsole console, string name, IReadOnlyList<PercentileComparison> rows) =>
        FigureTable.Write(
            console, $"{name}, us", ["percentile", "A", "B", "B - A", "B / A"], [.. rows.Select(CellsOf)]);

    private static string[] CellsOf(PercentileComparison row) =>
    [
        row.Percentile == 100 ? "max" : "p" + row.Percentile.ToString(CultureInfo.InvariantCulture),
        .. new double[] { row.Baseline, row.Candidate, row.Difference }.Select(ReportNames.Microseconds),
        row.Ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-",
    ];
}

/// <summary>One percentile of two histograms side by side.</summary>
/// <param name="Percentile">The percentile, in percent.</param>
/// <param name="Baseline">Its value in the first histogram, in the histogram's unit.</param>
/// <param name="Candidate">Its value in the second histogram, in the histogram's unit.</param>
public sealed record PercentileComparison(double Percentile, long Baseline, long Candidate)
{
    private static readonly double[] Shown = [50, 90, 99, 99.9, 99.99, 100];

    /// <summary>How much higher the second is, in the histogram's unit; negative when it is lower.</summary>
    public long Difference => Candidate - Baseline;

    /// <summary>The second over the first: 1 for equal values; null where only the first is 0.</summary>
    public double? Ratio => Candidate == Baseline ? 1.0 : Baseline == 0 ? null : (double)Candidate / Baseline;

    /// <summary>Compares two histograms from the median to the highest value.</summary>
    public static IReadOnlyList<PercentileComparison> Compare(HistogramBase baseline, HistogramBase candidate)
    {
        var (left, right) = (Distribution.Of(baseline), Distribution.Of(candidate));
        return
        [
            .. Shown.Select(percentile => new PercentileComparison(
                percentile, left.ValueAt(percentile), right.ValueAt(percentile))),
        ];
    }
}

/// <summary>`xp hist report`.</summary>
public static class HistReportRunner
{
    /// <summary>Writes the page of a log. Returns the exit code: 1 when lines of it were damaged.</summary>
    /// <exception cref="UsageException">There is nothing to show.</exception>
    public static Task<int> RunAsync(
        HistReportOptions options, IAnsiConsole console, TextWriter error, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        var faults = new LogFaults(error);
        var digests = LogDigest.ReadAll([options.LogFile], options.Selection, console, faults, cancel);
        HistogramPage.Write(options.OutputFile, digests);
        HistJson.Write(options.JsonFile, digests, faults);
        console.WriteLine($"Report: {options.OutputFile}");
        return Task.FromResult(faults.Report());
    }
}
