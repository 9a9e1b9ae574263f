namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>
/// Where a ring buffer keeps its state: after its power-of-two capacity, each position on cache lines of its own.
/// <code>
///   capacity + 0     128     256        384      512          640         768
///            | pad | tail | head cache | head | correlation | heartbeat |
/// </code>
/// </summary>
public static class RingBufferDescriptor
{
    private const int Pair = BitUtil.CacheLineLength * 2;

    /// <summary>Offset in the trailer of the producers' position.</summary>
    public const int TailPositionOffset = Pair;

    /// <summary>Offset in the trailer of the producers' copy of the consumer's position.</summary>
    public const int HeadCachePositionOffset = Pair * 2;

    /// <summary>Offset in the trailer of the consumer's position.</summary>
    public const int HeadPositionOffset = Pair * 3;

    /// <summary>Offset in the trailer of the counter of correlation ids.</summary>
    public const int CorrelationCounterOffset = Pair * 4;

    /// <summary>Offset in the trailer of the consumer's last heartbeat, in milliseconds since the epoch.</summary>
    public const int ConsumerHeartbeatOffset = Pair * 5;

    /// <summary>Bytes of the trailer.</summary>
    public const int TrailerLength = Pair * 6;

    /// <summary>Throws unless a buffer's capacity is a power of two and the trailer.</summary>
    public static void CheckCapacity(int capacity)
    {
        if (!BitUtil.IsPowerOfTwo(capacity - TrailerLength))
            throw new ArgumentException(
                $"a ring buffer's capacity must be a power of two + {TrailerLength}: {capacity}");
    }
}
