using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Native;
using static ExecutionPipeline.Aeron.Protocol.LogBufferDescriptor;

namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>A mapped log: three terms and their metadata.</summary>
public sealed class LogBuffers : IDisposable
{
    private readonly MemoryMap _map;
    private FileStream? _fileStream;
    private int _refCount;

    private LogBuffers(MemoryMap map, string fileName, int termLength)
    {
        _map = map;
        FileName = fileName;
        TermLength = termLength;
        MetaDataBuffer = MetaDataOf(map);
        TermBuffers = new UnsafeBuffer[PartitionCount];
        for (var i = 0; i < PartitionCount; i++)
            TermBuffers[i] = new UnsafeBuffer(map.Address + (nint)((long)i * termLength), termLength, map);
    }

    /// <summary>The file.</summary>
    public string FileName { get; }

    /// <summary>The file, opened for whoever sends it on from one file to another.</summary>
    public FileStream FileStream => _fileStream ??= new FileStream(
        FileName, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Bytes of a term.</summary>
    public int TermLength { get; }

    /// <summary>Bytes of the file.</summary>
    public long LogLength => _map.Length;

    /// <summary>The terms.</summary>
    public UnsafeBuffer[] TermBuffers { get; }

    /// <summary>The metadata.</summary>
    public UnsafeBuffer MetaDataBuffer { get; }

    /// <summary>When, once nobody uses it, the log is to be unmapped.</summary>
    public long LingerDeadlineNs { get; set; } = long.MaxValue;

    /// <summary>Creates a log of zeroes for a driver. The metadata is the caller's to fill.</summary>
    public static LogBuffers Create(string fileName, int termLength, int filePageSize, bool isSparse)
    {
        CheckTermLength(termLength);
        CheckPageSize(filePageSize);
        var map = MemoryMap.Create(fileName, ComputeLogLength(termLength, filePageSize), isSparse);
        return new LogBuffers(map, fileName, termLength);
    }

    /// <summary>Maps a log that a driver has created.</summary>
    /// <param name="fileName">The log's file.</param>
    /// <param name="isPopulated">Brings every page in now, so that none faults on first use.</param>
    /// <exception cref="InvalidDataException">The log's lengths are impossible.</exception>
    public static LogBuffers Open(string fileName, bool isPopulated = false)
    {
        var map = MemoryMap.Open(fileName, isPopulated);
        try
        {
            return new LogBuffers(map, fileName, CheckedTermLength(map, fileName));
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <summary>Counts one more user.</summary>
    public void IncRef() => _refCount++;

    /// <summary>Counts one user less; returns how many are left.</summary>
    public int DecRef() => --_refCount;

    /// <summary>Unmaps the log. The buffers are empty from then on.</summary>
    public void Dispose()
    {
        foreach (var term in TermBuffers)
            term.Wrap(0, 0);

        MetaDataBuffer.Wrap(0, 0);
        _fileStream?.Dispose();
        _map.Dispose();
    }

    /// <summary>
    /// Lets go of the file while threads may be in the middle of an offer or a poll: they find zeroes. Unmaps where the
    /// system cannot do that.
    /// </summary>
    internal void Abandon()
    {
        _fileStream?.Dispose();
        if (!_map.TryBlank())
            Dispose();
    }

    private static UnsafeBuffer MetaDataOf(MemoryMap map) =>
        new(map.Address + (nint)(map.Length - LogMetaDataLength), LogMetaDataLength, map);

    private static int CheckedTermLength(MemoryMap map, string fileName)
    {
        if (map.Length < LogMetaDataLength)
            throw new InvalidDataException($"{fileName}: {map.Length} bytes are no log");

        var metaData = MetaDataOf(map);
        var termLength = TermLength(metaData);
        try
        {
            CheckTermLength(termLength);
            CheckPageSize(PageSize(metaData));
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"{fileName}: {exception.Message}", exception);
        }

        if (map.Length < (long)termLength * PartitionCount + LogMetaDataLength)
            throw new InvalidDataException($"{fileName}: {map.Length} bytes do not hold terms of {termLength}");

        CheckMtuLength(MtuLength(metaData), termLength, fileName);
        return termLength;
    }

    private static void CheckMtuLength(int mtuLength, int termLength, string fileName)
    {
        if (mtuLength <= DataHeaderFlyweight.HEADER_LENGTH
            || mtuLength > termLength
            || !FrameDescriptor.IsFrameAligned(mtuLength))
            throw new InvalidDataException($"{fileName}: impossible MTU of {mtuLength}");
    }
}
