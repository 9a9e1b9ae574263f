using System.Globalization;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Reports;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Histograms;

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
