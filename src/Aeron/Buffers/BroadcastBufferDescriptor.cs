namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>
/// Where a broadcast buffer keeps its state, after its power-of-two capacity.
/// <code>
///   capacity + 0             8       16       24           128
///            | tail intent   | tail  | latest | pad        |
/// </code>
/// </summary>
public static class BroadcastBufferDescriptor
{
    /// <summary>Offset in the trailer of the position up to which the transmitter may be writing.</summary>
    public const int TailIntentCounterOffset = 0;

    /// <summary>Offset in the trailer of the position up to which records are complete.</summary>
    public const int TailCounterOffset = sizeof(long);

    /// <summary>Offset in the trailer of the last record's position.</summary>
    public const int LatestCounterOffset = sizeof(long) * 2;

    /// <summary>Bytes of the trailer.</summary>
    public const int TrailerLength = BitUtil.CacheLineLength * 2;

    /// <summary>Throws unless a buffer's capacity is a power of two and the trailer.</summary>
    public static void CheckCapacity(int capacity)
    {
        if (!BitUtil.IsPowerOfTwo(capacity - TrailerLength))
            throw new ArgumentException($"a broadcast's capacity must be a power of two + {TrailerLength}: {capacity}");
    }
}
