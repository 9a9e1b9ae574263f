namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>
/// A counter: a value record of two cache lines, and a metadata record of eight that says what it is.
/// <code>
///   value:     0        8                 16         24             32    128
///              | value  | registration id | owner id | reference id | pad |
///   metadata:  0        4         8                  16      128            132      512
///              | state  | type id | reuse deadline   | key   | label length | label  |
/// </code>
/// </summary>
public static class CountersDescriptor
{
    /// <summary>State of a record never used; it ends a scan.</summary>
    public const int RecordUnused = 0;

    /// <summary>State of a record in use.</summary>
    public const int RecordAllocated = 1;

    /// <summary>State of a record that was freed.</summary>
    public const int RecordReclaimed = -1;

    /// <summary>The reuse deadline of a counter in use.</summary>
    public const long NotFreeToReuse = long.MaxValue;

    /// <summary>Offset in a value record of who registered the counter.</summary>
    public const int RegistrationIdOffset = sizeof(long);

    /// <summary>Offset in a value record of the client that owns the counter.</summary>
    public const int OwnerIdOffset = sizeof(long) * 2;

    /// <summary>Offset in a value record of what the counter is about.</summary>
    public const int ReferenceIdOffset = sizeof(long) * 3;

    /// <summary>Bytes of a value record.</summary>
    public const int CounterLength = BitUtil.CacheLineLength * 2;

    /// <summary>Offset in a metadata record of the type.</summary>
    public const int TypeIdOffset = sizeof(int);

    /// <summary>Offset in a metadata record of the time in ms from which the record may be reused.</summary>
    public const int FreeForReuseDeadlineOffset = sizeof(int) * 2;

    /// <summary>Offset in a metadata record of the key.</summary>
    public const int KeyOffset = FreeForReuseDeadlineOffset + sizeof(long);

    /// <summary>Offset in a metadata record of the label's length.</summary>
    public const int LabelOffset = BitUtil.CacheLineLength * 2;

    /// <summary>The longest label, in bytes.</summary>
    public const int MaxLabelLength = BitUtil.CacheLineLength * 6 - sizeof(int);

    /// <summary>The longest key, in bytes.</summary>
    public const int MaxKeyLength = LabelOffset - KeyOffset;

    /// <summary>Bytes of a metadata record.</summary>
    public const int MetaDataLength = LabelOffset + BitUtil.CacheLineLength * 6;

    /// <summary>Offset of a counter's value record.</summary>
    public static int CounterOffset(int counterId) => counterId * CounterLength;

    /// <summary>Offset of a counter's metadata record.</summary>
    public static int MetaDataOffset(int counterId) => counterId * MetaDataLength;
}

/// <summary>Takes what a counter is: its id, type, key bytes and label.</summary>
public delegate void CounterMetaDataConsumer(int counterId, int typeId, IDirectBuffer keyBuffer, string label);
