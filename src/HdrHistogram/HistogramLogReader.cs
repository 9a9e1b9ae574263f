using System.Globalization;
using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram;

/// <summary>
/// Reads histograms from a log (.hlog) of any version, one line at a time, so that the size of a log does not
/// matter.
/// </summary>
/// <remarks>
/// The text may be UTF-8, or UTF-16 with a byte order mark, in which HdrHistogram.NET writes. A line's times count
/// from the base time; where the log states none, from the start time when they are more than a year before it,
/// else from 1970.
/// </remarks>
public sealed class HistogramLogReader : IDisposable, IHistogramLogV1Reader
{
    private const string StartTimePrefix = "#[StartTime: ";
    private const string BaseTimePrefix = "#[BaseTime: ";
    private const string LegendPrefix = "\"StartTimestamp\"";
    private const string TagPrefix = "Tag=";
    private const double SecondsPerYear = 365 * 24 * 3600.0;
    private const double MillisecondsPerSecond = 1_000.0;

    // The end of the year 9999, after which there are no dates.
    private const double SecondsMax = 253_402_300_799.0;

    private readonly StreamReader _log;
    private double? _startTimeSeconds;
    private double? _baseTimeSeconds;
    private long _lineNumber;

    /// <summary>Begins to read a log.</summary>
    /// <param name="inputStream">The log; it stays open when the reader is disposed of.</param>
    public HistogramLogReader(Stream inputStream)
        => _log = new StreamReader(
            inputStream,
            System.Text.Encoding.UTF8,
            detectEncodingFromByteOrderMarks: true,
            bufferSize: 1024,
            leaveOpen: true);

    /// <summary>Reads all histograms of a log.</summary>
    /// <exception cref="FormatException">A line cannot be read; the message says which.</exception>
    public static IEnumerable<HistogramBase> Read(Stream inputStream)
    {
        using var reader = new HistogramLogReader(inputStream);
        return reader.ReadHistograms().ToArray();
    }

    /// <summary>Reads the log's histograms one by one, with tags and time stamps (milliseconds since 1970).</summary>
    /// <exception cref="FormatException">A line cannot be read; the message says which.</exception>
    public IEnumerable<HistogramBase> ReadHistograms()
    {
        while (_log.ReadLine() is { } line)
        {
            _lineNumber++;
            if (ReadLineOrThrow(line) is { } histogram)
                yield return histogram;
        }
    }

    /// <inheritdoc/>
    IEnumerable<HistogramBase> IHistogramLogV1Reader.ReadHistograms() => ReadHistograms();

    /// <summary>
    /// When the log began: what it states, else the time of its first histogram. Known once reading has come
    /// to the first histogram; until then 1970.
    /// </summary>
    public DateTime GetStartTime() => (_startTimeSeconds ?? 0.0).ToDateFromSecondsSinceEpoch();

    /// <summary>Ends reading and leaves the stream open.</summary>
    public void Dispose() => _log.Dispose();

    private HistogramBase? ReadLineOrThrow(string line)
    {
        try
        {
            return ReadLine(line);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw new FormatException($"Histogram log, line {_lineNumber}: {exception.Message}", exception);
        }
    }

    private HistogramBase? ReadLine(string line)
    {
        if (line.StartsWith('#'))
            ReadComment(line);
        else if (!string.IsNullOrWhiteSpace(line) && !line.StartsWith(LegendPrefix, StringComparison.Ordinal))
            return ReadHistogram(line);
        return null;
    }

    private void ReadComment(string line)
    {
        if (line.StartsWith(StartTimePrefix, StringComparison.Ordinal))
            _startTimeSeconds = ParseTime(line, StartTimePrefix);
        else if (line.StartsWith(BaseTimePrefix, StringComparison.Ordinal))
            _baseTimeSeconds = ParseTime(line, BaseTimePrefix);
    }

    private HistogramBase ReadHistogram(ReadOnlySpan<char> line)
    {
        string? tag = null;
        if (line.StartsWith(TagPrefix))
        {
            var field = TakeField(ref line, "the tag");
            tag = field.Length == TagPrefix.Length ? null : field[TagPrefix.Length..].ToString();
        }

        var start = ParseSeconds(TakeField(ref line, "the start"), "the start");
        var length = ParseSeconds(TakeField(ref line, "the interval length"), "the interval length");

        // The highest value, which the histogram gives too; its unit is up to who wrote the log.
        TakeField(ref line, "the highest value");
        var payload = Convert.FromBase64String(line.ToString());
        var histogram = HistogramEncoding.DecodeFromCompressedByteBuffer(ByteBuffer.Allocate(payload), 0);

        var startSeconds = start + BaseTimeFor(start);
        histogram.Tag = tag;
        histogram.StartTimeStamp = (long)Math.Round(startSeconds * MillisecondsPerSecond);
        histogram.EndTimeStamp = (long)Math.Round((startSeconds + length) * MillisecondsPerSecond);
        return histogram;
    }

    private double BaseTimeFor(double startSeconds)
    {
        var logStartSeconds = _startTimeSeconds ??= startSeconds;
        return _baseTimeSeconds ??= startSeconds < logStartSeconds - SecondsPerYear ? logStartSeconds : 0.0;
    }

    private static ReadOnlySpan<char> TakeField(ref ReadOnlySpan<char> line, string name)
    {
        var comma = line.IndexOf(',');
        if (comma < 0)
            throw new FormatException($"there is no comma after {name}");

        var field = line[..comma];
        line = line[(comma + 1)..];
        return field;
    }

    private static double ParseTime(ReadOnlySpan<char> line, string prefix)
    {
        var rest = line[prefix.Length..];
        var end = rest.IndexOfAny(' ', ']');
        return ParseSeconds(end < 0 ? rest : rest[..end], "the time of the log");
    }

    private static double ParseSeconds(ReadOnlySpan<char> text, string name)
    {
        const NumberStyles styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign
            | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        if (!double.TryParse(text, styles, CultureInfo.InvariantCulture, out var seconds)
            || !(Math.Abs(seconds) <= SecondsMax))
        {
            throw new FormatException($"{name} is not a number of seconds: '{text}'");
        }

        return seconds;
    }
}
