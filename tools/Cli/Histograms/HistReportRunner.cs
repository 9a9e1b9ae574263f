using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Reports;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Histograms;

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
