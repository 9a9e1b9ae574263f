using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Protocol;

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
