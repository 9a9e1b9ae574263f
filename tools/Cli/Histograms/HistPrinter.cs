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
        var onInterval = options.View == HistView.Intervals ? LineWriter(output, options.IsCsv) : null;
        var digest = LogDigest.ReadAll(
            [options.LogFile], options.Selection, hasBar ? console : null, faults, cancel, onInterval)[0];
        if (options.View == HistView.Totals && !options.IsCsv)
            console.Write(TableOf(digest));
        else if (options.View != HistView.Intervals)
            WriteTotals(output, digest, options);

        output.Flush();
        file?.Complete();
        HistJson.Write(options.JsonFile, [digest], faults);
        return Task.FromResult(faults.Report());
    }

    private static Action<HistogramBase, long> LineWriter(TextWriter output, bool isCsv)
    {
        output.WriteLine(isCsv ? FigureLines.CsvHeader : FigureLines.TextHeader);
        return (interval, logStartMs) => output.WriteLine(
            isCsv ? FigureLines.Csv(interval) : FigureLines.Text(interval, logStartMs));
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

    private static Table TableOf(LogDigest digest)
    {
        var table = new Table().Border(TableBorder.Simple).Title("us");
        table.AddColumn(new TableColumn("tag").NoWrap());
        foreach (var name in (string[])["count", "mean", "p50", "p90", "p99", "p99.9", "p99.99", "max"])
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap());

        foreach (var stage in digest.Stages)
            table.AddRow(FigureLines.Cells(stage.Histogram).Prepend(stage.Name).Select(cell => new Text(cell)));
        return table;
    }
}
