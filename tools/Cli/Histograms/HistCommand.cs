using System.CommandLine;
using System.Globalization;
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

/// <summary>What of a log is printed.</summary>
public enum HistView
{
    /// <summary>A line a tag, over the whole time.</summary>
    Totals,

    /// <summary>A line an interval.</summary>
    Intervals,

    /// <summary>The percentile distribution of each tag, over the whole time.</summary>
    Percentiles,
}

/// <summary>Everything that `xp hist print` or `xp hist csv` was asked for, validated; paths are absolute.</summary>
public sealed record HistPrintOptions
{
    /// <summary>A HdrHistogram log.</summary>
    public required string LogFile { get; init; }

    public LogSelection Selection { get; init; } = new();

    public HistView View { get; init; }

    /// <summary>Comma-separated values in nanoseconds, instead of text in microseconds.</summary>
    public bool IsCsv { get; init; }

    /// <summary>Where comma-separated values go; null: the standard output.</summary>
    public string? OutputFile { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }
}

/// <summary>Everything that `xp hist compare` was asked for, validated; paths are absolute.</summary>
public sealed record HistCompareOptions
{
    /// <summary>The log to compare with.</summary>
    public required string BaselineFile { get; init; }

    /// <summary>The log that is compared.</summary>
    public required string CandidateFile { get; init; }

    public LogSelection Selection { get; init; } = new();

    /// <summary>Where the page goes; null: nowhere.</summary>
    public string? ReportFile { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }
}

/// <summary>Everything that `xp hist merge` was asked for, validated; paths are absolute.</summary>
public sealed record HistMergeOptions
{
    /// <summary>HdrHistogram logs.</summary>
    public required IReadOnlyList<string> LogFiles { get; init; }

    public LogSelection Selection { get; init; } = new();

    /// <summary>The log to write.</summary>
    public required string OutputFile { get; init; }

    /// <summary>One histogram a tag over the whole time, instead of every interval.</summary>
    public bool IsSum { get; init; }
}

/// <summary>Everything that `xp hist report` was asked for, validated; paths are absolute.</summary>
public sealed record HistReportOptions
{
    /// <summary>A HdrHistogram log.</summary>
    public required string LogFile { get; init; }

    public LogSelection Selection { get; init; } = new();

    /// <summary>Where the page goes.</summary>
    public required string OutputFile { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }
}

/// <summary>Which intervals of a log to take; by default all.</summary>
public sealed record LogSelection
{
    /// <summary>The tags to take, separated by commas, none between them standing for no tag; null: all.</summary>
    public string? Tags { get; init; }

    /// <summary>When an interval must begin at the earliest; null: any time.</summary>
    public LogTime? Start { get; init; }

    /// <summary>What an interval must begin before; null: any time.</summary>
    public LogTime? End { get; init; }

    /// <summary>Whether an interval of a log that began at <paramref name="logStartMs"/> is to be taken.</summary>
    public bool IsMatch(HistogramBase interval, long logStartMs)
    {
        ArgumentNullException.ThrowIfNull(interval);
        return !(interval.StartTimeStamp < Start?.ToMs(logStartMs))
            && !(interval.StartTimeStamp >= End?.ToMs(logStartMs))
            && (Tags is null || Tags.Split(',').Contains(interval.Tag ?? ""));
    }
}

/// <summary>A moment of a histogram log, by the log's own time or by the calendar.</summary>
/// <param name="SinceStartS">Seconds since the log's start; 0 where <paramref name="At"/> is given.</param>
/// <param name="At">The moment itself; null where it counts from the log's start.</param>
public readonly record struct LogTime(double SinceStartS, DateTimeOffset? At)
{
    private const double MaxSeconds = 1e10;

    private static readonly string[] Formats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads seconds since the log's start, or a time as in 2026-11-21T13:00:00Z.</summary>
    public static ValueReader<LogTime?> Values { get; } = new(
        "unit: s since the log's start, or a UTC time such as 2026-11-21T13:00:00", Read);

    /// <summary>The moment in milliseconds since 1970, in a log that began at <paramref name="logStartMs"/>.</summary>
    public double ToMs(long logStartMs) => At?.ToUnixTimeMilliseconds() ?? logStartMs + SinceStartS * 1000;

    private static ReadValue<LogTime?> Read(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            return Math.Abs(seconds) <= MaxSeconds
                ? ReadValue<LogTime?>.Of(new LogTime(seconds, null))
                : ReadValue<LogTime?>.Not(FormattableString.Invariant($"{text} s is beyond {MaxSeconds:0} s"));
        }

        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal;
        return DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, styles, out var at)
            ? ReadValue<LogTime?>.Of(new LogTime(0, at))
            : ReadValue<LogTime?>.Not($"'{text}' is neither seconds nor a time such as 2026-11-21T13:00:00");
    }
}
