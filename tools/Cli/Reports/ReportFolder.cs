using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>The files that --report writes.</summary>
public static class ReportFolder
{
    private const string Page = "report.html";
    private const string Log = "latency.hlog";
    private const string Percentiles = "percentiles.txt";
    private const string Figures = "report.json";

    /// <summary>Refuses a folder that holds a report already, unless it is to be replaced; null is none.</summary>
    /// <exception cref="UsageException">It holds one.</exception>
    public static void MustBeNew(bool isForced, string? folder)
    {
        if (folder is not null && !isForced && HasReport(folder))
        {
            throw new UsageException(
                $"'{folder}' holds a report already: name another folder, or replace it with --force");
        }
    }

    /// <summary>
    /// Writes the page, the log, the distributions and the figures to a folder, which is made if missing. A run that
    /// was not whole replaces no report: a folder of another name is made beside it.
    /// </summary>
    /// <param name="folder">Where to.</param>
    /// <param name="isForced">Whether a report that is there may be replaced.</param>
    /// <param name="report">The figures.</param>
    /// <param name="stages">The histograms of the stages, of the whole and of the platform's hiccups.</param>
    /// <param name="log">What goes into the log, with tags and times.</param>
    /// <returns>The page's path.</returns>
    public static string Write(
        string folder, bool isForced, RunReport report, IReadOnlyList<StageHistogram> stages,
        IEnumerable<HistogramBase> log)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(stages);
        using var files = new WholeFolder(folder);
        HlogReport.Write(Path.Combine(files.Unfinished, Log), log, report.Settings.StartedAt);
        PercentileText.Write(Path.Combine(files.Unfinished, Percentiles), stages);
        JsonReport.Write(Path.Combine(files.Unfinished, Figures), report);
        HtmlReport.Write(
            Path.Combine(files.Unfinished, Page), report, [.. stages.Select(HistogramFigures.CurveOf)]);
        // Another run may have put its report there since this one began.
        var path = files.Complete(isReplacing: isForced && report.IsComplete);
        return Path.Combine(path, Page);
    }

    private static bool HasReport(string folder) =>
        ((string[])[Page, Log, Percentiles, Figures]).Any(file => File.Exists(Path.Combine(folder, file)));
}
