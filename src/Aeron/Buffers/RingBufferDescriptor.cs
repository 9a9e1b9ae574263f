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

/// <summary>
/// A record of a ring or broadcast buffer, on an 8-byte boundary.
/// <code>
///   0               4               8
///   | length        | type          | message ...
/// </code>
/// The length counts the header. In a ring it is negative while the message is being written, and 0 before that.
/// </summary>
public static class RecordDescriptor
{
    /// <summary>Offset of the length.</summary>
    public const int LengthOffset = 0;

    /// <summary>Offset of the type.</summary>
    public const int TypeOffset = sizeof(int);

    /// <summary>Bytes before the message.</summary>
    public const int HeaderLength = sizeof(int) * 2;

    /// <summary>Records start at multiples of this.</summary>
    public const int Alignment = HeaderLength;

    /// <summary>The type of a record that readers skip.</summary>
    public const int PaddingMsgTypeId = -1;

    /// <summary>Throws unless the type is 1 or more.</summary>
    public static void CheckTypeId(int msgTypeId)
    {
        if (msgTypeId < 1)
            throw new ArgumentException($"a message type must be greater than zero: {msgTypeId}");
    }
}

/// <summary>Takes one message of a ring or broadcast buffer, valid during the call alone.</summary>
/// <param name="msgTypeId">The type it was written with, 1 or more.</param>
/// <param name="buffer">Where the message lies.</param>
/// <param name="index">Its first byte.</param>
/// <param name="length">Its length in bytes.</param>
public delegate void MessageHandler(int msgTypeId, UnsafeBuffer buffer, int index, int length);
