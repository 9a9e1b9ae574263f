using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Native;
using static ExecutionPipeline.Aeron.Protocol.CncFileDescriptor;

namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>A mapped command-and-control file, whose every length has been checked against the file's.</summary>
public sealed class CncFile : IDisposable
{
    private readonly MemoryMap _map;

    private CncFile(MemoryMap map, string path)
    {
        _map = map;
        Path = path;
        MetaData = new UnsafeBuffer(map.Address, MetaDataLength, map);
        long offset = MetaDataLength;
        ToDriverBuffer = Slice(ref offset, ToDriverBufferLengthFieldOffset, "to-driver");
        ToClientsBuffer = Slice(ref offset, ToClientsBufferLengthFieldOffset, "to-clients");
        CountersMetaDataBuffer = Slice(ref offset, CountersMetadataBufferLengthFieldOffset, "counters metadata");
        CountersValuesBuffer = Slice(ref offset, CountersValuesBufferLengthFieldOffset, "counters values");
        ErrorLogBuffer = Slice(ref offset, ErrorLogBufferLengthFieldOffset, "error log");
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The 128 bytes of <see cref="CncFileDescriptor"/>.</summary>
    public UnsafeBuffer MetaData { get; }

    /// <summary>The ring to the driver.</summary>
    public UnsafeBuffer ToDriverBuffer { get; }

    /// <summary>The broadcast to the clients.</summary>
    public UnsafeBuffer ToClientsBuffer { get; }

    /// <summary>What the counters are.</summary>
    public UnsafeBuffer CountersMetaDataBuffer { get; }

    /// <summary>The counters' values.</summary>
    public UnsafeBuffer CountersValuesBuffer { get; }

    /// <summary>The driver's distinct errors.</summary>
    public UnsafeBuffer ErrorLogBuffer { get; }

    /// <summary>How long a client may be silent, in nanoseconds.</summary>
    public long ClientLivenessTimeoutNs => MetaData.GetLong(ClientLivenessTimeoutFieldOffset);

    /// <summary>When the driver started, in milliseconds since the epoch.</summary>
    public long StartTimestampMs => MetaData.GetLong(StartTimestampFieldOffset);

    /// <summary>The driver's process id.</summary>
    public long Pid => MetaData.GetLong(PidFieldOffset);

    /// <summary>The page size that the driver aligns files to.</summary>
    public int FilePageSize => MetaData.GetInt(FilePageSizeFieldOffset);

    /// <summary>Creates the file for a driver. Clients wait until <see cref="Publish"/>.</summary>
    public static CncFile Create(string path, CncFileLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        // Not sparse: where others fill the file system, the first write to a page that is not there would be a fault.
        var map = MemoryMap.Create(path, layout.ComputeFileLength(), isSparse: false);
        var metaData = new UnsafeBuffer(map.Address, MetaDataLength);
        metaData.PutInt(ToDriverBufferLengthFieldOffset, layout.ToDriverBufferLength);
        metaData.PutInt(ToClientsBufferLengthFieldOffset, layout.ToClientsBufferLength);
        metaData.PutInt(CountersMetadataBufferLengthFieldOffset, layout.CountersMetaDataBufferLength);
        metaData.PutInt(CountersValuesBufferLengthFieldOffset, layout.CountersValuesBufferLength);
        metaData.PutInt(ErrorLogBufferLengthFieldOffset, layout.ErrorLogBufferLength);
        metaData.PutLong(ClientLivenessTimeoutFieldOffset, layout.ClientLivenessTimeoutNs);
        metaData.PutLong(StartTimestampFieldOffset, layout.StartTimestampMs);
        metaData.PutLong(PidFieldOffset, Environment.ProcessId);
        metaData.PutInt(FilePageSizeFieldOffset, layout.FilePageSize);
        return new CncFile(map, path);
    }

    /// <summary>
    /// Maps a file that a driver has published. Null while there is none yet: no file, one that is still growing, or
    /// one without a version.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="isReadOnly">To look alone.</param>
    /// <exception cref="InvalidDataException">The file's version or lengths are impossible.</exception>
    public static CncFile? Map(string path, bool isReadOnly = false)
    {
        var info = new FileInfo(path);
        if (!info.Exists || info.Length < MetaDataLength)
            return null;

        var map = isReadOnly ? MemoryMap.OpenReadOnly(path) : MemoryMap.Open(path);
        try
        {
            // Acquires the lengths: pairs with the release of the version in Publish.
            var version = new UnsafeBuffer(map.Address, MetaDataLength).GetIntVolatile(CncVersionFieldOffset);
            if (version != 0)
            {
                CheckVersion(version, path);
                return new CncFile(map, path);
            }
        }
        catch
        {
            map.Dispose();
            throw;
        }

        map.Dispose();
        return null;
    }

    /// <summary>Lets clients in.</summary>
    public void Publish() => MetaData.PutIntOrdered(CncVersionFieldOffset, CncVersion);

    /// <summary>Unmaps the file. The buffers are empty from then on.</summary>
    public void Dispose()
    {
        foreach (var buffer in (UnsafeBuffer[])
                 [
                     MetaData, ToDriverBuffer, ToClientsBuffer, CountersMetaDataBuffer, CountersValuesBuffer,
                     ErrorLogBuffer,
                 ])
        {
            buffer.Wrap(0, 0);
        }

        _map.Dispose();
    }

    /// <inheritdoc cref="LogBuffers.Abandon"/>
    internal void Abandon()
    {
        if (!_map.TryBlank())
            Dispose();
    }

    private static void CheckVersion(int version, string path)
    {
        if (SemanticVersion.Major(version) == SemanticVersion.Major(CncVersion)
            && SemanticVersion.Minor(version) >= SemanticVersion.Minor(CncVersion))
            return;

        throw new InvalidDataException(
            $"{path}: CnC version {SemanticVersion.ToString(version)} is not compatible with "
            + SemanticVersion.ToString(CncVersion));
    }

    private UnsafeBuffer Slice(ref long offset, int lengthFieldOffset, string name)
    {
        var length = MetaData.GetInt(lengthFieldOffset);
        if (length < 0 || length > _map.Length - offset)
            throw new InvalidDataException(
                $"{Path}: {name} buffer of {length} bytes at {offset} exceeds the file of {_map.Length}");

        var buffer = new UnsafeBuffer(_map.Address + (nint)offset, length, _map);
        offset += length;
        return buffer;
    }
}

/// <summary>
/// The file through which clients and driver find each other: 128 bytes of metadata, then the five buffers in the order
/// of their lengths here.
/// <code>
///   0         4           8             12                  16                20          24
///   | version | to driver | to clients  | counters metadata | counters values | error log | client liveness (ns) |
///   32           40    48          52
///   | start (ms) | pid | page size | ...
/// </code>
/// The version is written last: until then the rest is not there.
/// </summary>
public static class CncFileDescriptor
{
    /// <summary>The file's name in the driver's directory.</summary>
    public const string CNC_FILE = "cnc.dat";

    /// <summary>The version of this layout: 0.2.0.</summary>
    public const int CncVersion = 2 << 8;

    /// <summary>Offset of the version.</summary>
    public const int CncVersionFieldOffset = 0;

    /// <summary>Offset of the length of the ring to the driver.</summary>
    public const int ToDriverBufferLengthFieldOffset = 4;

    /// <summary>Offset of the length of the broadcast to the clients.</summary>
    public const int ToClientsBufferLengthFieldOffset = 8;

    /// <summary>Offset of the length of the counters' metadata.</summary>
    public const int CountersMetadataBufferLengthFieldOffset = 12;

    /// <summary>Offset of the length of the counters' values.</summary>
    public const int CountersValuesBufferLengthFieldOffset = 16;

    /// <summary>Offset of the length of the error log.</summary>
    public const int ErrorLogBufferLengthFieldOffset = 20;

    /// <summary>Offset of how long a client may be silent, in nanoseconds.</summary>
    public const int ClientLivenessTimeoutFieldOffset = 24;

    /// <summary>Offset of when the driver started, in milliseconds since the epoch.</summary>
    public const int StartTimestampFieldOffset = 32;

    /// <summary>Offset of the driver's process id.</summary>
    public const int PidFieldOffset = 40;

    /// <summary>Offset of the page size that files are aligned to.</summary>
    public const int FilePageSizeFieldOffset = 48;

    /// <summary>Bytes before the first buffer.</summary>
    public const int MetaDataLength = 128;
}

/// <summary>What a new command-and-control file is made of. Lengths in bytes, trailers included.</summary>
public sealed class CncFileLayout
{
    /// <summary>Length of the ring to the driver.</summary>
    public required int ToDriverBufferLength { get; init; }

    /// <summary>Length of the broadcast to the clients.</summary>
    public required int ToClientsBufferLength { get; init; }

    /// <summary>Length of the counters' values.</summary>
    public required int CountersValuesBufferLength { get; init; }

    /// <summary>Length of the error log.</summary>
    public required int ErrorLogBufferLength { get; init; }

    /// <summary>How long a client may be silent, in nanoseconds.</summary>
    public required long ClientLivenessTimeoutNs { get; init; }

    /// <summary>When the driver started, in milliseconds since the epoch.</summary>
    public required long StartTimestampMs { get; init; }

    /// <summary>The page size to align the file to.</summary>
    public required int FilePageSize { get; init; }

    /// <summary>Length of the counters' metadata: a record for each value record.</summary>
    public int CountersMetaDataBufferLength =>
        CountersValuesBufferLength * (CountersDescriptor.MetaDataLength / CountersDescriptor.CounterLength);

    /// <summary>Length of the whole file.</summary>
    public long ComputeFileLength() =>
        BitUtil.Align(
            CncFileDescriptor.MetaDataLength + (long)ToDriverBufferLength + ToClientsBufferLength
            + CountersMetaDataBufferLength + CountersValuesBufferLength + ErrorLogBufferLength,
            FilePageSize);
}
