using System.Globalization;
using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram;

/// <summary>
/// Writes histograms to a log (.hlog), a line each: tag, start and length of the interval in seconds, its highest
/// value, and the histogram, compressed and in base 64.
/// </summary>
/// <remarks>The text is UTF-8 without a byte order mark, which is what the other implementations read.</remarks>
public sealed class HistogramLogWriter : IDisposable
{
    private const string FormatVersion = "1.3";

    // By convention values are in nanoseconds, and the highest is stated in milliseconds.
    private const double MaxValueUnitRatio = 1_000_000.0;
    private const double MillisecondsPerSecond = 1_000.0;

    private readonly StreamWriter _log;
    private double _baseTimeMs;
    private bool _isHeaderWritten;
    private bool _isDisposed;

    /// <summary>Begins a log; nothing is written yet.</summary>
    /// <param name="outputStream">Where to; it stays open when the writer is disposed of.</param>
    public HistogramLogWriter(Stream outputStream)
    {
        var utf8 = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        _log = new StreamWriter(outputStream, utf8, bufferSize: 1024, leaveOpen: true) { NewLine = "\n" };
    }

    /// <summary>Writes a whole log.</summary>
    /// <inheritdoc cref="Write(DateTime, HistogramBase[])"/>
    public static void Write(Stream outputStream, DateTime startTime, params HistogramBase[] histograms)
    {
        using var writer = new HistogramLogWriter(outputStream);
        writer.Write(startTime, histograms);
    }

    /// <summary>Writes the header and then histograms.</summary>
    /// <param name="startTime">When the log began.</param>
    /// <param name="histograms">The histograms, whose time stamps are milliseconds since 1970.</param>
    public void Write(DateTime startTime, params HistogramBase[] histograms)
    {
        ArgumentNullException.ThrowIfNull(histograms);
        WriteHeader(startTime);
        foreach (var histogram in histograms)
            WriteHistogram(histogram);
    }

    /// <summary>Writes the header alone, and flushes it.</summary>
    /// <param name="startTime">When the log began.</param>
    /// <param name="baseTime">
    /// What the times of the lines count from; null for times since 1970. Lines relative to the start are shorter.
    /// </param>
    public void WriteHeader(DateTime startTime, DateTime? baseTime = null)
    {
        _log.WriteLine($"#[Histogram log format version {FormatVersion}]");
        WriteTime("StartTime", startTime);
        if (baseTime is { } given)
        {
            WriteTime("BaseTime", given);
            _baseTimeMs = given.MillisecondsSinceUnixEpoch();
        }

        _log.WriteLine(
            "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"");
        _log.Flush();
        _isHeaderWritten = true;
    }

    /// <summary>Writes a line that readers skip, before or after the header, and flushes it.</summary>
    /// <exception cref="ArgumentException">The comment has more than one line.</exception>
    public void WriteComment(string comment)
    {
        ArgumentNullException.ThrowIfNull(comment);
        if (comment.AsSpan().ContainsAny("\r\n"))
            throw new ArgumentException("A comment is one line.", nameof(comment));
        _log.WriteLine("#" + comment);
        _log.Flush();
    }

    /// <summary>Writes a histogram, after the header if that is not written yet, and flushes it.</summary>
    /// <param name="histogram">The histogram, whose time stamps are milliseconds since 1970.</param>
    public void Append(HistogramBase histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        if (!_isHeaderWritten)
            WriteHeader(histogram.StartTimeStamp.ToDateFromMillisecondsSinceEpoch());
        WriteHistogram(histogram);
    }

    /// <summary>Flushes the log and leaves the stream open.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _log.Dispose();
    }

    private void WriteTime(string name, DateTime time)
        => _log.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"#[{name}: {time.SecondsSinceUnixEpoch():F3} (seconds since epoch), {time:o}]"));

    private void WriteHistogram(HistogramBase histogram)
    {
        var buffer = ByteBuffer.Allocate(histogram.NeededByteBufferCapacityForContents());
        var length = histogram.EncodeIntoCompressedByteBuffer(buffer);
        if (!string.IsNullOrEmpty(histogram.Tag))
            _log.Write($"Tag={histogram.Tag},");

        var startSeconds = (histogram.StartTimeStamp - _baseTimeMs) / MillisecondsPerSecond;
        var lengthSeconds = (histogram.EndTimeStamp - histogram.StartTimeStamp) / MillisecondsPerSecond;
        var max = histogram.GetMaxValue() / MaxValueUnitRatio;
        _log.Write(string.Create(CultureInfo.InvariantCulture, $"{startSeconds:F3},{lengthSeconds:F3},{max:F3},"));
        _log.WriteLine(Convert.ToBase64String(buffer.Slice(0, length).Span));
        _log.Flush();
    }
}
