namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>
/// A buffer shared by threads or processes. "Volatile" reads acquire and "volatile" writes are fenced on both sides;
/// "ordered" and "release" writes order everything before them.
/// </summary>
public interface IAtomicBuffer : IMutableDirectBuffer
{
    /// <summary>
    /// Throws when the memory is not on an 8-byte boundary, since atomic access to it would then tear.
    /// </summary>
    void VerifyAlignment();

    /// <summary>Reads 8 bytes, acquiring.</summary>
    long GetLongVolatile(int index);

    /// <summary>Writes 8 bytes with a full fence.</summary>
    void PutLongVolatile(int index, long value);

    /// <summary>Writes 8 bytes, releasing.</summary>
    void PutLongOrdered(int index, long value);

    /// <summary>Writes 8 bytes, releasing.</summary>
    void PutLongRelease(int index, long value);

    /// <summary>Replaces 8 bytes if they are as expected; true when they were.</summary>
    bool CompareAndSetLong(int index, long expectedValue, long updateValue);

    /// <summary>Adds to 8 bytes atomically; returns what was there before.</summary>
    long GetAndAddLong(int index, long delta);

    /// <summary>Reads 4 bytes, acquiring.</summary>
    int GetIntVolatile(int index);

    /// <summary>Writes 4 bytes with a full fence.</summary>
    void PutIntVolatile(int index, int value);

    /// <summary>Writes 4 bytes, releasing.</summary>
    void PutIntOrdered(int index, int value);

    /// <summary>Writes 4 bytes, releasing.</summary>
    void PutIntRelease(int index, int value);

    /// <summary>Replaces 4 bytes if they are as expected; true when they were.</summary>
    bool CompareAndSetInt(int index, int expectedValue, int updateValue);

    /// <summary>Adds to 4 bytes atomically; returns what was there before.</summary>
    int GetAndAddInt(int index, int delta);
}
