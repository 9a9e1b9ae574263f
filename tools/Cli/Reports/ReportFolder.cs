using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Histograms;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>The files that --report writes.</summary>
public static class ReportFolder
{
    private const string Page = "report.html";
    private const string Log = "latency.hlog";
    private const string Percentiles = "percentiles.txt";
    private const string Figures = "report.json";
    private static readonly string[] Files = [Page, Log, Percentiles, Figures];

    /// <summary>The report's files; null is none.</summary>
    public static IEnumerable<string> FilesOf(string? folder) =>
        folder is null ? [] : [.. Files.Select(file => Path.Combine(folder, file))];

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

    private static bool HasReport(string folder) => FilesOf(folder).Any(File.Exists);
}

/// <summary>
/// The histograms as a log that every implementation of HdrHistogram reads: a line for each second and stage.
/// </summary>
public static class HlogReport
{
    /// <summary>Writes the log to a file, over what was there. Values are nanoseconds.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="histograms">With tags and times, in the order of their starts.</param>
    /// <param name="startedAt">When the run began, for a log without a histogram.</param>
    public static void Write(string path, IEnumerable<HistogramBase> histograms, DateTimeOffset startedAt)
    {
        using var file = new WholeFile(path);
        if (HistogramLog.Write(file.Stream, histograms) == 0)
            file.Stream.Write(Encoding.UTF8.GetBytes(HistogramLines.Header(startedAt.ToUnixTimeMilliseconds())));
        file.Complete();
    }
}

/// <summary>The whole percentile distributions as text, in microseconds, in HdrHistogram's usual form.</summary>
public static class PercentileText
{
    private const int TicksPerHalving = 5;
    private const double NanosPerMicro = 1000;

    /// <summary>Writes the distributions to a file, over what was there.</summary>
    public static void Write(string path, IReadOnlyList<StageHistogram> stages)
    {
        using var file = new WholeFile(path);
        using (var writer = new StreamWriter(file.Stream))
            Write(writer, stages);
        file.Complete();
    }

    /// <summary>Writes the distributions one after the other, each under its name.</summary>
    public static void Write(TextWriter writer, IReadOnlyList<StageHistogram> stages)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(stages);
        foreach (var stage in stages)
        {
            writer.WriteLine($"{PrintableText.Escape(ReportNames.Words(stage.Name))}, us");
            var values = Distribution.Of(stage.Histogram);
            if (values.Count > 0)
                Write(writer, stage.Histogram, values);
            else
                writer.WriteLine("nothing was recorded");
            writer.WriteLine();
        }
    }

    private static void Write(TextWriter writer, HistogramBase histogram, Distribution values)
    {
        var digits = "0." + new string('0', histogram.NumberOfSignificantValueDigits);
        writer.WriteLine($"{"Value",12} {"Percentile",14} {"TotalCount",10} {"1/(1-Percentile)",14}");
        writer.WriteLine();
        foreach (var row in values.Rows(TicksPerHalving))
        {
            var value = Scaled(row.Value).ToString(digits, CultureInfo.InvariantCulture);
            var share = row.Percentile / 100;
            var rarity = row.Percentile < 100 ? Text($" {1 / (1 - share),14:0.00}") : "";
            writer.WriteLine(Text($"{value,12} {share:0.000000000000} {row.CountUpToIt,10}{rarity}"));
        }

        var (mean, deviation) = (Scaled(values.Mean), Scaled(values.StandardDeviation));
        writer.WriteLine(Text($"#[Mean    = {mean,12:0.000}, StdDeviation   = {deviation,12:0.000}]"));
        writer.WriteLine(Text($"#[Max     = {Scaled(values.Max),12:0.000}, Total count    = {values.Count,12}]"));
        var (buckets, slots) = (histogram.BucketCount, histogram.SubBucketCount);
        writer.WriteLine(Text($"#[Buckets = {buckets,12}, SubBuckets     = {slots,12}]"));
    }

    private static double Scaled(double nanoseconds) => nanoseconds / NanosPerMicro;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The figures of a run as one page.</summary>
public static class HtmlReport
{
    /// <summary>Writes the page to a file, over what was there.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="report">The figures.</param>
    /// <param name="curves">The lines of the percentile plot: stages, end to end, platform hiccup.</param>
    public static void Write(string path, RunReport report, IReadOnlyList<PercentileCurve> curves) =>
        WholeFile.WriteText(path, Text(report, curves));

    /// <summary>The page.</summary>
    public static string Text(RunReport report, IReadOnlyList<PercentileCurve> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        var lines = curves.Select(curve => new JsonObject
        {
            ["name"] = curve.Name,
            ["points"] = HtmlPage.PointsOf(curve),
        });
        var data = new JsonObject
        {
            ["report"] = JsonSerializer.SerializeToNode(report, HtmlPage.DataOptions),
            ["verdicts"] = JsonSerializer.SerializeToNode(Verdict.Of(report), HtmlPage.DataOptions),
            ["curves"] = new JsonArray([.. lines]),
        };
        return HtmlPage.Text("Execution pipeline: run report", "demo", data);
    }
}
