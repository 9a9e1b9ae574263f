using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using HdrHistogram.Encoding;
using ByteBuffer = HdrHistogram.Utilities.ByteBuffer;

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

/// <summary>
/// HdrHistogram's compressed encoding in base64, as it stands in logs. Written is version 2, compressed to its exact
/// length and with its checksum; read are all versions, and what the official .NET library writes.
/// </summary>
/// <remarks>
/// The library encodes and decodes the counts. What lies around them is done here, because in its version 2.5.0 the
/// compressed form has bytes behind the payload and no checksum, a payload that was cut off or damaged can pass, and
/// slots wider than 32 bits lose the highest counts.
/// </remarks>
public static class HistogramPayload
{
    private const int CompressedV0 = 0x1C849309;
    private const int CompressedV1 = 0x1C849302;
    private const int CompressedV2 = 0x1C849304;
    private const int PlainV2 = 0x1C849303;
    private const int CompressedDoubles = 0x0C72124F;
    private const int PlainDoubles = 0x0C72124E;

    // The low half of this byte says that runs of zeros are joined; in earlier versions it is the size of a count.
    private const int FormMask = 0xF0;
    private const int RunLengthForm = 0x10;

    private const int WrapperBytes = 8;
    private const int HeaderBytes = 40;
    private const int PayloadLengthAt = 4;
    private const int LowestAt = 16;
    private const int CountBytesMax = 9;
    private const int PlainBytesMax = 64 << 20;

    /// <summary>The histogram in base64.</summary>
    public static string Encode(HistogramBase histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        IRecordedData data = new Counts(histogram);
        var buffer = ByteBuffer.Allocate(HeaderBytes + data.Counts.Length * CountBytesMax);
        var plain = new byte[HistogramEncoderV2.Instance.Encode(data, buffer)];
        buffer.Position = 0;
        for (var i = 0; i < plain.Length; i++)
            plain[i] = buffer.Get();

        using var compressed = new MemoryStream();
        compressed.Write(new byte[WrapperBytes]);
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(plain);
        var bytes = compressed.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes, CompressedV2 | RunLengthForm);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(PayloadLengthAt), bytes.Length - WrapperBytes);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>Reads a histogram in base64.</summary>
    /// <exception cref="NotSupportedException">It is a histogram of doubles.</exception>
    /// <exception cref="FormatException">The text is no base64, or what it holds is no whole histogram.</exception>
    public static HistogramBase Decode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
            throw new FormatException("its histogram is cut off or damaged: it is not Base64");

        var plain = Decompress(bytes.AsSpan(0, length));
        try
        {
            return HistogramEncoding.DecodeFromByteBuffer(ByteBuffer.Allocate(plain), 0);
        }
        catch (Exception problem) when (IsDamage(problem))
        {
            throw new FormatException($"its histogram is damaged: {problem.Message.ReplaceLineEndings(" ")}", problem);
        }
    }

    private static byte[] Decompress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < WrapperBytes)
            throw new FormatException($"its histogram is cut off: it has {bytes.Length} bytes and no header");

        var cookie = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (cookie is CompressedDoubles or PlainDoubles)
            throw new NotSupportedException("a histogram of doubles, which is not read here");

        if ((cookie & ~FormMask) is not (CompressedV0 or CompressedV1 or CompressedV2))
            throw new FormatException($"no histogram: its header begins with {cookie:x8}");

        var stated = BinaryPrimitives.ReadInt32BigEndian(bytes[PayloadLengthAt..]);
        if (stated < 0 || stated > bytes.Length - WrapperBytes)
        {
            throw new FormatException(
                $"its histogram is cut off: it states {stated} bytes and has {bytes.Length - WrapperBytes}");
        }

        var plain = Inflate(bytes.Slice(WrapperBytes, stated));
        Check(plain);
        return plain;
    }

    private static byte[] Inflate(ReadOnlySpan<byte> compressed)
    {
        using var zlib = new ZLibStream(new MemoryStream(compressed.ToArray()), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        try
        {
            var block = new byte[1 << 16];
            for (int read; (read = zlib.Read(block)) > 0 && plain.Length <= PlainBytesMax;)
                plain.Write(block, 0, read);
        }
        catch (InvalidDataException problem)
        {
            throw new FormatException("its histogram is damaged: its compressed bytes are not as written", problem);
        }

        return plain.Length <= PlainBytesMax
            ? plain.ToArray()
            : throw new FormatException($"its histogram has more than {PlainBytesMax >> 20} MiB");
    }

    private static void Check(byte[] plain)
    {
        if (plain.Length < HeaderBytes)
            throw new FormatException($"its histogram is cut off: {plain.Length} bytes are no header");

        var isV2 = (BinaryPrimitives.ReadInt32BigEndian(plain) & ~FormMask) == PlainV2;
        var stated = BinaryPrimitives.ReadInt32BigEndian(plain.AsSpan(PayloadLengthAt));
        if (isV2 && (stated < 0 || stated > plain.Length - HeaderBytes))
        {
            throw new FormatException(
                $"its histogram is cut off: it states {stated} bytes of counts and has {plain.Length - HeaderBytes}");
        }

        // What the library fills up with.
        if (isV2 && plain.AsSpan(HeaderBytes + stated).ContainsAnyExcept((byte)0))
            throw new FormatException("its histogram is damaged: there is something behind its counts");

        if (isV2 && BinaryPrimitives.ReadInt64BigEndian(plain.AsSpan(LowestAt)) is < 1 or > int.MaxValue)
            throw new FormatException("its histogram is damaged: its lowest value is not one that is counted");
    }

    /// <summary>Whether a problem is one that the library finds in what it reads.</summary>
    private static bool IsDamage(Exception problem) => problem is FormatException or ArgumentException
        or NotSupportedException or InvalidDataException or IndexOutOfRangeException or OverflowException
        or OutOfMemoryException;

    /// <summary>What the library's encoder is given: the counts, found without the width of slots.</summary>
    private sealed class Counts(HistogramBase histogram) : IRecordedData
    {
        public int Cookie => PlainV2 | RunLengthForm;

        public int NormalizingIndexOffset => 0;

        public int NumberOfSignificantValueDigits => histogram.NumberOfSignificantValueDigits;

        public long LowestDiscernibleValue => histogram.LowestTrackableValue;

        public long HighestTrackableValue => histogram.HighestTrackableValue;

        public double IntegerToDoubleValueConversionRatio => 1;

        long[] IRecordedData.Counts => Values;

        private long[] Values { get; } = Distribution.Of(histogram).ToCounts();
    }
}
