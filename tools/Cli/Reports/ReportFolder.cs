namespace ExecutionPipeline.Cli.Reports;

/// <summary>The files that --report writes.</summary>
public static class ReportFolder
{
    /// <summary>
    /// Writes the page, the log, the distributions and the figures to a folder, which is made if missing.
    /// </summary>
    /// <param name="folder">Where to.</param>
    /// <param name="report">The figures.</param>
    /// <param name="stages">The histograms of the stages, of the whole and of the platform's hiccups.</param>
    /// <returns>The page's path.</returns>
    public static string Write(string folder, RunReport report, IReadOnlyList<StageHistogram> stages)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(stages);
        Directory.CreateDirectory(folder);
        HlogReport.Write(
            Path.Combine(folder, "latency.hlog"), stages, report.Settings.StartedAt, report.ElapsedS);
        PercentileText.Write(Path.Combine(folder, "percentiles.txt"), stages);
        JsonReport.Write(Path.Combine(folder, "report.json"), report);
        var page = Path.Combine(folder, "report.html");
        HtmlReport.Write(page, report, [.. stages.Select(HistogramFigures.CurveOf)]);
        return page;
    }
}
