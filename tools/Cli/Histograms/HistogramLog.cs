using System.IO.Compression;
using System.Text;
using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>
/// A histogram log, plain or gzip. It is read a line at a time, so that its length does not matter, and a line that
/// cannot be read is skipped: the library's reader ends at the first such line, so each gets a reader of its own.
/// </summary>
/// <param name="path">The log's file.</param>
/// <param name="faults">Told of the lines that are skipped.</param>
public sealed class HistogramLog(string path, LogFaults faults)
{
    private const int GzipFirstByte = 0x1F;
    private const int GzipSecondByte = 0x8B;
    private const string StartTimePrefix = "#[StartTime:";
    private const string BaseTimePrefix = "#[BaseTime:";

    private string _startTime = "";
    private string _baseTime = "";
    private long? _startMs;

    /// <summary>When the log began, in milliseconds since 1970; known with the first histogram.</summary>
    public long StartMs => _startMs ?? 0;

    /// <summary>Told, line by line, how many more bytes of the file have been read.</summary>
    public Action<long> OnRead { get; init; } = _ => { };

    /// <summary>Reads the histograms that are selected, with tags and time stamps (milliseconds since 1970).</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IEnumerable<HistogramBase> Read(LogSelection selection, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(selection);
        using var file = Open();
        using var text = new StreamReader(PlainOf(file));
        var readBytes = 0L;
        for (var number = 1L; TryReadLine(text, number, out var line); number++)
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

    private static Stream PlainOf(FileStream file)
    {
        var isGzip = file.ReadByte() == GzipFirstByte && file.ReadByte() == GzipSecondByte;
        file.Position = 0;
        return isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

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
        catch (InvalidDataException problem)
        {
            faults.Add(path, number, $"{problem.Message} The rest of the file is lost.");
            return false;
        }
    }

    private HistogramBase? HistogramOf(string line, long number)
    {
        var isStartTime = line.StartsWith(StartTimePrefix, StringComparison.Ordinal);
        var isBaseTime = line.StartsWith(BaseTimePrefix, StringComparison.Ordinal);
        if (string.IsNullOrWhiteSpace(line) || (line.StartsWith('#') && !isStartTime && !isBaseTime))
            return null;

        try
        {
            using var alone = new MemoryStream(Encoding.UTF8.GetBytes($"{_startTime}{_baseTime}{line}"));
            using var reader = new HistogramLogReader(alone);
            var histogram = reader.ReadHistograms().FirstOrDefault();
            if (isStartTime)
                _startTime = line + "\n";
            if (isBaseTime)
                _baseTime = line + "\n";
            if (histogram is not null)
                _startMs ??= reader.GetStartTime().MillisecondsSinceUnixEpoch();
            return histogram;
        }
        catch (Exception problem) when (HistogramFigures.IsDamage(problem))
        {
            faults.Add(path, number, WordsOf(problem.InnerException ?? problem));
            return null;
        }
    }

    private static string WordsOf(Exception problem) => problem.Message.Contains("Base-64", StringComparison.Ordinal)
        ? "its histogram is cut off or damaged: it is not Base64"
        : problem.Message;
}
