using System.Globalization;
using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Histograms;

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
