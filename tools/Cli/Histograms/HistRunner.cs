using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Reports;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>`xp hist print`.</summary>
public static class HistRunner
{
    private const string Untagged = "(no tag)";

    /// <summary>Adds up the histograms of each tag and prints them. Returns the exit code.</summary>
    /// <exception cref="UsageException">The file is no histogram log, or has no such tag.</exception>
    public static Task<int> PrintAsync(HistPrintOptions options, IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        var stages = Read(options);
        if (options.IsFull)
            PercentileText.Write(console.Profile.Out.Writer, stages);
        else
            console.Write(TableOf(stages));
        return Task.FromResult(0);
    }

    private static List<StageHistogram> Read(HistPrintOptions options)
    {
        var byTag = new Dictionary<string, HistogramBase>();
        try
        {
            using var file = File.OpenRead(options.LogFile);
            using var reader = new HistogramLogReader(file);
            foreach (var histogram in reader.ReadHistograms().Where(one => IsWanted(one, options.Tag)))
                Merge(byTag, histogram);
        }
        catch (FormatException problem)
        {
            throw new UsageException($"{options.LogFile}: {problem.Message}");
        }

        if (byTag.Count > 0)
            return [.. byTag.Select(pair => new StageHistogram(pair.Key, pair.Value))];

        throw new UsageException(options.Tag is null
            ? $"{options.LogFile}: there is no histogram in it"
            : $"{options.LogFile}: there is no histogram with the tag '{options.Tag}' in it");
    }

    private static bool IsWanted(HistogramBase histogram, string? tag) => tag is null || histogram.Tag == tag;

    // A later line of a tag may hold larger values than the first one can.
    private static void Merge(Dictionary<string, HistogramBase> byTag, HistogramBase histogram)
    {
        var tag = histogram.Tag ?? Untagged;
        if (!byTag.TryGetValue(tag, out var sum))
        {
            byTag.Add(tag, histogram);
            return;
        }

        if (histogram.HighestTrackableValue > sum.HighestTrackableValue)
            (sum, histogram) = (histogram, sum);
        sum.Add(histogram);
        byTag[tag] = sum;
    }

    private static Table TableOf(List<StageHistogram> stages)
    {
        var table = new Table().Border(TableBorder.Simple).Title("us");
        table.AddColumn(new TableColumn("tag").NoWrap());
        foreach (var name in (string[])["count", "mean", "p50", "p90", "p99", "p99.9", "p99.99", "max"])
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap());

        foreach (var stage in stages)
        {
            var figures = HistogramFigures.Summarise(stage.Histogram);
            double[] values =
                [figures.Mean, figures.P50, figures.P90, figures.P99, figures.P999, figures.P9999, figures.Max];
            string[] cells =
                [stage.Name, ReportNames.Count(figures.Count), .. values.Select(ReportNames.Microseconds)];
            table.AddRow(cells.Select(cell => new Text(cell)));
        }

        return table;
    }
}
