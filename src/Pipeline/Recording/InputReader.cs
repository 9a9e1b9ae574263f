using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Recording;

/// <summary>Reads a recorded input from beginning to end.</summary>
public sealed class InputReader : IDisposable
{
    private readonly FileStream _file;
    private readonly string _path;
    private readonly byte[] _record = new byte[InputRecord.SizeBytes];
    private long _read;

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
            (Count, TornBytes) = Math.DivRem(_file.Length - InputFileHeader.SizeBytes, InputRecord.SizeBytes);
            IsWhole = TornBytes == 0 && HasEndRecord();
            if (IsWhole)
                Count--;
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

    /// <summary>Whether the recording was brought to its end. Else what came after its last event is missing.</summary>
    public bool IsWhole { get; }

    /// <summary>
    /// Reads the next event's header and payload over those of <paramref name="e"/>. False at the end.
    /// </summary>
    /// <exception cref="InvalidDataException">The record is damaged, or records are missing before it.</exception>
    public bool TryRead(ref PipelineEvent e)
    {
        if (_read == Count)
            return false;

        ReadRecord();
        _record.AsSpan(0, PipelineEvent.InputSizeBytes)
            .CopyTo(MemoryMarshal.AsBytes(new Span<PipelineEvent>(ref e)));
        if (e.Header.Kind == EventKind.None)
            throw new InvalidDataException($"{_path}: event {_read} says that it is the end, and more follows");

        _read++;
        return true;
    }

    public void Dispose() => _file.Dispose();

    private void ReadRecord()
    {
        _file.ReadExactly(_record);
        if (!IsSealed(_read))
        {
            throw new InvalidDataException(
                $"{_path}: event {_read} is damaged or not in its place: its checksum is another");
        }
    }

    private bool IsSealed(long number) =>
        BinaryPrimitives.ReadUInt64LittleEndian(_record.AsSpan(PipelineEvent.InputSizeBytes))
            == InputRecord.ChecksumOf(_record.AsSpan(0, PipelineEvent.InputSizeBytes), number);

    private bool HasEndRecord()
    {
        if (Count == 0)
            return false;

        var first = _file.Position;
        _file.Position = first + (Count - 1) * InputRecord.SizeBytes;
        _file.ReadExactly(_record);
        _file.Position = first;
        var header = MemoryMarshal.Read<EventHeader>(_record);
        return header.Kind == EventKind.None && header.CorrelationId == (ulong)(Count - 1) && IsSealed(Count - 1);
    }

    private InputFileHeader ReadHeader()
    {
        var header = default(InputFileHeader);
        var bytes = MemoryMarshal.AsBytes(new Span<InputFileHeader>(ref header));
        if (_file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new InvalidDataException($"{_path}: too short for a recorded input ({_file.Length} bytes)");

        if (header.Magic != InputFileHeader.MagicValue)
            throw new InvalidDataException($"{_path}: not a recorded input (its first 8 bytes are not XPINPUT)");

        if (header.Version != InputFileHeader.CurrentVersion || header.RecordBytes != InputRecord.SizeBytes)
        {
            throw new InvalidDataException(
                $"{_path}: recorded as version {header.Version} with {header.RecordBytes} bytes an event; " +
                $"this build reads version {InputFileHeader.CurrentVersion} with {InputRecord.SizeBytes}");
        }

        return header;
    }
}
