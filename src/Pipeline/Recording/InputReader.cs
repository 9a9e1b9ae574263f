using System.Runtime.InteropServices;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Recording;

/// <summary>Reads a recorded input from beginning to end.</summary>
public sealed class InputReader : IDisposable
{
    private readonly FileStream _file;
    private readonly string _path;

    /// <exception cref="InvalidDataException">The file is no recorded input, or of another version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public InputReader(string path)
    {
        _path = path;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        try
        {
            if (!_file.CanSeek)
                throw new InvalidDataException($"{path}: a recorded input is read from a file, not from a pipe");

            var header = ReadHeader();
            Configuration = header.Configuration;
            (Count, TornBytes) = Math.DivRem(
                _file.Length - InputFileHeader.SizeBytes, PipelineEvent.InputSizeBytes);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The configuration that the run was recorded with.</summary>
    public ConfigurationHash Configuration { get; }

    /// <summary>Whole events in the file. A torn last one, from a crash while recording, is not counted.</summary>
    public long Count { get; }

    /// <summary>Bytes of that torn event; 0: the file ends with a whole one.</summary>
    public long TornBytes { get; }

    /// <summary>
    /// Reads the next event's header and payload over those of <paramref name="e"/>. False at the end.
    /// </summary>
    public bool TryRead(ref PipelineEvent e)
    {
        var input = MemoryMarshal.AsBytes(new Span<PipelineEvent>(ref e))[..PipelineEvent.InputSizeBytes];
        return _file.ReadAtLeast(input, input.Length, throwOnEndOfStream: false) == input.Length;
    }

    public void Dispose() => _file.Dispose();

    private InputFileHeader ReadHeader()
    {
        var header = default(InputFileHeader);
        var bytes = MemoryMarshal.AsBytes(new Span<InputFileHeader>(ref header));
        if (_file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new InvalidDataException($"{_path}: too short for a recorded input ({_file.Length} bytes)");

        if (header.Magic != InputFileHeader.MagicValue)
            throw new InvalidDataException($"{_path}: not a recorded input (its first 8 bytes are not XPINPUT)");

        if (header.Version != InputFileHeader.CurrentVersion || header.RecordBytes != PipelineEvent.InputSizeBytes)
        {
            throw new InvalidDataException(
                $"{_path}: recorded as version {header.Version} with {header.RecordBytes} bytes an event; " +
                $"this build reads version {InputFileHeader.CurrentVersion} with {PipelineEvent.InputSizeBytes}");
        }

        return header;
    }
}
