using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>`xp hist` and its commands.</summary>
public sealed class HistCommand : Command
{
    private readonly Argument<string?> _log = PathArguments.ExistingFile("FILE", "A HdrHistogram log, plain or gzip.");

    private readonly Argument<string[]> _logs = PathArguments.ExistingFiles(
        "FILE...", "HdrHistogram logs, plain or gzip.");

    private readonly Argument<string?> _baseline = PathArguments.ExistingFile("A", "The log to compare with.");
    private readonly Argument<string?> _candidate = PathArguments.ExistingFile("B", "The log that is compared.");

    private readonly ValueOption<string?> _tags = new(
        "--tag", "TAG,...", "Only the histograms with one of these tags; nothing stands for no tag.",
        new ValueReader<string?>("unit: text", ReadValue<string?>.Of), null, "all");

    private readonly ValueOption<LogTime?> _start = new(
        "--start", "TIME", "Only the intervals that begin then or later.", LogTime.Values, null, "any time");

    private readonly ValueOption<LogTime?> _end = new(
        "--end", "TIME", "Only the intervals that begin before.", LogTime.Values, null, "any time");

    private readonly ValueOption<HistView> _printView = RunOptions.Choice(
        "--show", "WHAT", "A line a tag, a line an interval, or whole percentile distributions.", HistView.Totals);

    private readonly ValueOption<HistView> _csvView = RunOptions.Choice(
        "--show", "WHAT", "A line a tag, a line an interval, or whole percentile distributions.", HistView.Intervals);

    private readonly ValueOption<string?> _csvOutput = new(
        "--output", "FILE", "Where the lines go.", Paths.OutputFile, null, "the standard output");

    private readonly ValueOption<string?> _mergeOutput = new(
        "--output", "FILE", "The log to write.", Paths.OutputFile, null, "merged.hlog");

    private readonly FlagOption _sum = new(
        "--sum", "One histogram a tag over the whole time, instead of every interval in order of time.");

    private readonly ValueOption<string?> _comparePage = new(
        "--report", "FILE", "Writes an HTML page with the plots.", Paths.OutputFile, null, "not written");

    private readonly ValueOption<string?> _reportPage = new(
        "--output", "FILE", "The HTML page to write.", Paths.OutputFile, null, "the log's path and .html");

    private readonly ValueOption<string?> _json = RunOptions.Json();
    private readonly FlagOption _force = RunOptions.Force();

    /// <summary>The commands; the handlers do their work and return the exit code.</summary>
    public HistCommand(XpHandlers handlers)
        : base("hist", "Reads histogram logs.")
    {
        ArgumentNullException.ThrowIfNull(handlers);
        AddCommand(
            new Command("print", "Prints the percentiles of a log, in microseconds.") { _log, _printView, _json },
            (parsed, cancel) => handlers.HistPrint(PrintOptionsOf(parsed, isCsv: false), cancel));
        AddCommand(
            new Command("csv", "Converts a log to comma-separated values, in nanoseconds.")
            {
                _log, _csvView, _csvOutput, _force,
            },
            (parsed, cancel) => handlers.HistPrint(PrintOptionsOf(parsed, isCsv: true), cancel));
        AddCommand(
            new Command("merge", "Makes one log of several.") { _logs, _mergeOutput, _sum, _force },
            (parsed, cancel) => handlers.HistMerge(MergeOptionsOf(parsed), cancel));
        AddCommand(
            new Command("compare", "Shows two logs side by side, tag by tag, with a plot.")
            {
                _baseline, _candidate, _comparePage, _json, _force,
            },
            (parsed, cancel) => handlers.HistCompare(CompareOptionsOf(parsed), cancel));
        AddCommand(
            new Command("report", "Writes a page with a log's percentiles and its latency over time.")
            {
                _log, _reportPage, _json, _force,
            },
            (parsed, cancel) => handlers.HistReport(ReportOptionsOf(parsed), cancel));
    }

    private void AddCommand(Command command, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        Option[] selection = [_tags, _start, _end];
        foreach (var option in selection)
            command.Add(option);
        command.SetAction(run);
        Add(command);
    }

    private LogSelection SelectionOf(ParseResult parsed) => new()
    {
        Tags = parsed.GetValue(_tags),
        Start = parsed.GetValue(_start),
        End = parsed.GetValue(_end),
    };

    private HistPrintOptions PrintOptionsOf(ParseResult parsed, bool isCsv)
    {
        var options = new HistPrintOptions
        {
            LogFile = parsed.GetRequiredValue(_log)!,
            Selection = SelectionOf(parsed),
            View = parsed.GetValue(isCsv ? _csvView : _printView),
            IsCsv = isCsv,
            OutputFile = isCsv ? parsed.GetValue(_csvOutput) : null,
            JsonFile = isCsv ? null : parsed.GetValue(_json),
        };
        WrittenFiles.MustStandAlone([options.LogFile], options.OutputFile, options.JsonFile);
        if (isCsv)
            WrittenFiles.MustBeNew(parsed.GetValue(_force), options.OutputFile);
        return options;
    }

    private HistMergeOptions MergeOptionsOf(ParseResult parsed)
    {
        var options = new HistMergeOptions
        {
            LogFiles = parsed.GetRequiredValue(_logs),
            Selection = SelectionOf(parsed),
            OutputFile = parsed.GetValue(_mergeOutput) ?? Path.GetFullPath("merged.hlog"),
            IsSum = parsed.GetValue(_sum),
        };
        WrittenFiles.MustStandAlone(options.LogFiles, options.OutputFile);
        WrittenFiles.MustBeNew(parsed.GetValue(_force), options.OutputFile);
        return options;
    }

    private HistCompareOptions CompareOptionsOf(ParseResult parsed)
    {
        var options = new HistCompareOptions
        {
            BaselineFile = parsed.GetRequiredValue(_baseline)!,
            CandidateFile = parsed.GetRequiredValue(_candidate)!,
            Selection = SelectionOf(parsed),
            ReportFile = parsed.GetValue(_comparePage),
            JsonFile = parsed.GetValue(_json),
        };
        WrittenFiles.MustStandAlone(
            [options.BaselineFile, options.CandidateFile], options.ReportFile, options.JsonFile);
        WrittenFiles.MustBeNew(parsed.GetValue(_force), options.ReportFile);
        return options;
    }

    private HistReportOptions ReportOptionsOf(ParseResult parsed)
    {
        var log = parsed.GetRequiredValue(_log)!;
        var options = new HistReportOptions
        {
            LogFile = log,
            Selection = SelectionOf(parsed),
            OutputFile = parsed.GetValue(_reportPage) ?? log + ".html",
            JsonFile = parsed.GetValue(_json),
        };
        WrittenFiles.MustStandAlone([log], options.OutputFile, options.JsonFile);
        WrittenFiles.MustBeNew(parsed.GetValue(_force), options.OutputFile);
        return options;
    }
}
