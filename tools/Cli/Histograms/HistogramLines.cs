using System.Globalization;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>
/// The text of histogram logs, line by line, as the format's version 1.3 has it. The official library's writer is not
/// used, for it writes UTF-16, which no other implementation reads, nor its reader, which cuts times off below a
/// millisecond and takes a damaged line for the end of the log.
/// </summary>
public static class HistogramLines
{
    /// <summary>The names over the histograms.</summary>
    public const string Legend =
        "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"";

    private const string TagPrefix = "Tag=";
    private const decimal MaxValueUnits = 1_000_000;

    /// <summary>The lines before the first histogram.</summary>
    /// <param name="startMs">When the log begins, in milliseconds since 1970.</param>
    public static string Header(long startMs)
    {
        var start = DateTimeOffset.FromUnixTimeMilliseconds(startMs).UtcDateTime;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"#[Histogram log format version 1.3]\n"
            + $"#[StartTime: {Seconds(startMs)} (seconds since epoch), {start:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}]\n"
            + $"{Legend}\n");
    }

    /// <summary>A histogram with its tag and times.</summary>
    public static string Of(HistogramBase histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        var tag = string.IsNullOrEmpty(histogram.Tag) ? "" : $"{TagPrefix}{histogram.Tag},";
        var max = Distribution.Of(histogram).Max / MaxValueUnits;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{tag}{Seconds(histogram.StartTimeStamp)},{Seconds(histogram.EndTimeStamp - histogram.StartTimeStamp)},"
            + $"{max:0.000},{HistogramPayload.Encode(histogram)}\n");
    }

    /// <summary>Reads a line that <see cref="Of"/> wrote, or another implementation.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="baseMsOf">The base of the log's times in milliseconds, from the line's own time.</param>
    /// <exception cref="FormatException">The line is none of a histogram log.</exception>
    /// <exception cref="NotSupportedException">It is a histogram of doubles.</exception>
    public static HistogramBase Read(string line, Func<long, long> baseMsOf)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(baseMsOf);
        var fields = line.Split(',');
        var tag = fields[0].StartsWith(TagPrefix, StringComparison.Ordinal) ? fields[0][TagPrefix.Length..] : null;
        var times = tag is null ? fields : fields[1..];
        if (times.Length != 4)
        {
            throw new FormatException(
                times.Length == 1 ? "no histogram: there is no comma in it" : "no histogram: it is not four fields");
        }

        var startMs = Milliseconds(times[0]);
        var lengthMs = Milliseconds(times[1]);
        _ = Milliseconds(times[2]);
        var histogram = HistogramPayload.Decode(times[3]);
        histogram.Tag = string.IsNullOrEmpty(tag) ? null : tag;
        histogram.StartTimeStamp = baseMsOf(startMs) + startMs;
        histogram.EndTimeStamp = histogram.StartTimeStamp + lengthMs;
        return histogram;
    }

    /// <summary>Seconds as logs have them, in milliseconds.</summary>
    /// <exception cref="FormatException">The text is no such number.</exception>
    public static long Milliseconds(string text)
    {
        const NumberStyles styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        return decimal.TryParse(text, styles, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(seconds) < long.MaxValue / 4000
            ? (long)Math.Round(seconds * 1000)
            : throw new FormatException($"'{text}' is no number of seconds");
    }

    private static string Seconds(long ms) => (ms / 1000m).ToString("0.000", CultureInfo.InvariantCulture);
}
