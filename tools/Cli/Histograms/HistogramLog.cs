using System.Text;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>
/// A histogram log, plain or gzip, in UTF-8 or UTF-16. It is read a line at a time, so that its length does not matter,
/// and a line that cannot be read is skipped.
/// </summary>
/// <param name="path">The log's file.</param>
/// <param name="faults">Told of the lines that are skipped, and of an end that is missing.</param>
public sealed class HistogramLog(string path, LogFaults faults)
{
    private const int GzipFirstByte = 0x1F;
    private const int GzipSecondByte = 0x8B;
    private const string StartTimePrefix = "#[StartTime:";
    private const string BaseTimePrefix = "#[BaseTime:";

    // A log's times count from its start where they are so much earlier.
    private const long YearMs = 365L * 24 * 3600 * 1000;

    private long? _startMs;
    private long? _baseMs;

    /// <summary>When the log began, in milliseconds since 1970; known with the first histogram.</summary>
    public long StartMs => _startMs ?? 0;

    /// <summary>Told, line by line, how many more bytes of the file have been read.</summary>
    public Action<long> OnRead { get; init; } = _ => { };

    /// <summary>Writes a log in UTF-8, over what the stream has from here on.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="histograms">With tags and time stamps; the first is the earliest. At least one is read.</param>
    /// <param name="startMs">When the log begins, in milliseconds since 1970; null: with the first histogram.</param>
    /// <returns>How many histograms there were.</returns>
    public static long Write(Stream stream, IEnumerable<HistogramBase> histograms, long? startMs = null)
    {
        ArgumentNullException.ThrowIfNull(histograms);
        var count = 0L;
        using var writer = new StreamWriter(stream, leaveOpen: true);
        foreach (var histogram in histograms)
        {
            if (count++ == 0)
                writer.Write(HistogramLines.Header(startMs ?? histogram.StartTimeStamp));
            writer.Write(HistogramLines.Of(histogram));
        }

        return count;
    }

    /// <summary>Reads the histograms that are selected, with tags and time stamps (milliseconds since 1970).</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IEnumerable<HistogramBase> Read(LogSelection selection, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(selection);
        using var file = Open();
        var isGzip = file.ReadByte() == GzipFirstByte && file.ReadByte() == GzipSecondByte;
        file.Position = 0;
        using var text = new StreamReader(isGzip ? new WholeGzipStream(file) : file);
        var readBytes = 0L;
        var number = 1L;
        for (; TryReadLine(text, number, out var line); number++)
        {
            cancel.ThrowIfCancellationRequested();
            OnRead(file.Position - readBytes);
            readBytes = file.Position;
            if (HistogramOf(line, number) is { } histogram && selection.IsMatch(histogram, StartMs))
                yield return histogram;
        }
    }

    /// <summary>What comes through a pipe is put in a file first: it is looked at before it is read.</summary>
    private FileStream Open()
    {
        var file = File.OpenRead(path);
        if (file.CanSeek)
            return file;

        using (file)
        {
            var copy = new FileStream(
                Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16,
                FileOptions.DeleteOnClose);
            file.CopyTo(copy);
            copy.Position = 0;
            return copy;
        }
    }

    /// <summary>Where the compressed text is cut off or damaged, that is said.</summary>
    private bool TryReadLine(StreamReader text, long number, out string line)
    {
        line = "";
        try
        {
            if (text.ReadLine() is not { } read)
                return false;

            line = read;
            return true;
        }
        catch (EndOfStreamException)
        {
            faults.Add(path, number, "the file is cut off here: its compression has no end");
            return false;
        }
        catch (InvalidDataException problem)
        {
            faults.Add(path, number, $"{problem.Message.TrimEnd('.')}. The rest of the file is lost.");
            return false;
        }
    }

    private HistogramBase? HistogramOf(string line, long number)
    {
        try
        {
            if (line.StartsWith(StartTimePrefix, StringComparison.Ordinal))
                _startMs = TimeOf(line[StartTimePrefix.Length..]);
            else if (line.StartsWith(BaseTimePrefix, StringComparison.Ordinal))
                _baseMs = TimeOf(line[BaseTimePrefix.Length..]);
            else if (!string.IsNullOrWhiteSpace(line) && line[0] is not ('#' or '"'))
                return HistogramLines.Read(line, BaseMsOf);
        }
        catch (Exception problem) when (problem is FormatException or NotSupportedException)
        {
            faults.Add(path, number, problem.Message);
        }

        return null;
    }

    /// <summary>A log that does not say when it begins does so with its first histogram.</summary>
    private long BaseMsOf(long lineMs)
    {
        _startMs ??= lineMs;
        return _baseMs ??= lineMs < _startMs - YearMs ? _startMs.Value : 0;
    }

    private static long TimeOf(string text) => HistogramLines.Milliseconds(text.Trim().Split([' ', ',', ']'], 2)[0]);
}

/// <summary>
/// The lines of logs that could not be read, and logs that end early. They are skipped, and said at the end.
/// </summary>
public sealed class LogFaults(TextWriter error)
{
    private const int MostNamed = 10;

    private readonly List<string> _named = [];

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>Takes note of a line.</summary>
    /// <param name="path">The log.</param>
    /// <param name="line">The line's number, the first being 1.</param>
    /// <param name="reason">What is wrong with it.</param>
    public void Add(string path, long line, string reason)
    {
        if (Count++ < MostNamed)
            _named.Add(PrintableText.Line($"{path}: line {line}: {reason}"));
    }

    /// <summary>Says which lines were skipped. Returns the exit code: 1 when there is one.</summary>
    public int Report()
    {
        foreach (var fault in _named)
            error.WriteLine(fault);
        if (Count > 0)
            error.WriteLine($"lines skipped: {Count}");
        return Count == 0 ? 0 : ExitCode.Failed;
    }
}
