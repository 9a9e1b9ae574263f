namespace ExecutionPipeline.Aeron.Protocol;

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
