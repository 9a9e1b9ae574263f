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
