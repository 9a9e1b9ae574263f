using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>
/// A checked view of memory: mapped, native, or a managed array that it pins. It does not own what it views, except
/// the pin. Views of views keep the memory's owner reachable.
/// </summary>
public sealed unsafe class UnsafeBuffer : IAtomicBuffer
{
    private byte* _pointer;
    private uint _capacity;
    private object? _owner;
    private byte[]? _array;

    /// <summary>A view of nothing.</summary>
    public UnsafeBuffer()
    {
    }

    /// <summary>A view of a whole array.</summary>
    public UnsafeBuffer(byte[] buffer) => Wrap(buffer);

    /// <summary>A view of part of an array.</summary>
    public UnsafeBuffer(byte[] buffer, int offset, int length) => Wrap(buffer, offset, length);

    /// <summary>A view of the same bytes as another buffer.</summary>
    public UnsafeBuffer(IDirectBuffer buffer) => Wrap(buffer);

    /// <summary>A view of part of another buffer.</summary>
    public UnsafeBuffer(IDirectBuffer buffer, int offset, int length) => Wrap(buffer, offset, length);

    /// <summary>A view of memory that the caller keeps valid.</summary>
    public UnsafeBuffer(nint pointer, int length) => Wrap(pointer, length);

    /// <summary>A view of memory that is valid for as long as its owner can be reached.</summary>
    internal UnsafeBuffer(nint pointer, int length, object owner)
        : this(pointer, length) => _owner = owner;

    /// <summary>A view of memory that the caller keeps valid, from an offset on.</summary>
    public UnsafeBuffer(nint pointer, int offset, int length) => Wrap(pointer, offset, length);

    /// <inheritdoc/>
    public nint BufferPointer => (nint)_pointer;

    /// <inheritdoc/>
    public byte[]? ByteArray => _array;

    /// <inheritdoc/>
    public int Capacity => (int)_capacity;

    /// <summary>Views a whole array from now on.</summary>
    public void Wrap(byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        Wrap(buffer, 0, buffer.Length);
    }

    /// <summary>Views part of an array from now on.</summary>
    public void Wrap(byte[] buffer, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        CheckRange(offset, length, buffer.Length);
        var pin = new Pin(buffer);
        Set((byte*)pin.Address + offset, length, pin, buffer);
    }

    /// <summary>Views the same bytes as another buffer from now on.</summary>
    public void Wrap(IDirectBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        Wrap(buffer, 0, buffer.Capacity);
    }

    /// <summary>Views part of another buffer from now on.</summary>
    public void Wrap(IDirectBuffer buffer, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        CheckRange(offset, length, buffer.Capacity);
        var owner = buffer is UnsafeBuffer view ? view._owner : buffer;
        Set((byte*)buffer.BufferPointer + offset, length, owner, buffer.ByteArray);
    }

    /// <summary>Views memory that the caller keeps valid from now on.</summary>
    public void Wrap(nint pointer, int length) => Wrap(pointer, 0, length);

    /// <summary>Views memory that the caller keeps valid from now on, from an offset on.</summary>
    public void Wrap(nint pointer, int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Set((byte*)pointer + offset, length, null, null);
    }

    /// <summary>
    /// Views part of a buffer whose memory the caller keeps valid: no reference is stored, so no write barrier is paid.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void WrapMapped(UnsafeBuffer buffer, int offset, int length)
    {
        _pointer = buffer.At(offset, length);
        _capacity = (uint)length;
    }

    /// <inheritdoc/>
    public void BoundsCheck(int index, int length) => At(index, length);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long GetLong(int index) => *(long*)At(index, sizeof(long));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int GetInt(int index) => *(int*)At(index, sizeof(int));

    /// <inheritdoc/>
    public double GetDouble(int index) => *(double*)At(index, sizeof(double));

    /// <inheritdoc/>
    public float GetFloat(int index) => *(float*)At(index, sizeof(float));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public short GetShort(int index) => *(short*)At(index, sizeof(short));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte GetByte(int index) => *At(index, 1);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutLong(int index, long value) => *(long*)At(index, sizeof(long)) = value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutInt(int index, int value) => *(int*)At(index, sizeof(int)) = value;

    /// <inheritdoc/>
    public void PutDouble(int index, double value) => *(double*)At(index, sizeof(double)) = value;

    /// <inheritdoc/>
    public void PutFloat(int index, float value) => *(float*)At(index, sizeof(float)) = value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutShort(int index, short value) => *(short*)At(index, sizeof(short)) = value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutByte(int index, byte value) => *At(index, 1) = value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> AsSpan(int index, int length) => new(At(index, length), length);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> AsMutableSpan(int index, int length) => new(At(index, length), length);

    /// <inheritdoc/>
    public void SetMemory(int index, int length, byte value) => AsMutableSpan(index, length).Fill(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* At(int index, int length)
    {
        if ((ulong)(uint)index + (uint)length > _capacity)
            ThrowOutOfRange(index, length, _capacity);

        return _pointer + index;
    }

    private static void CheckRange(int offset, int length, int capacity)
    {
        if ((ulong)(uint)offset + (uint)length > (uint)capacity)
            ThrowOutOfRange(offset, length, (uint)capacity);
    }

    private void Set(byte* pointer, int length, object? owner, byte[]? array)
    {
        _pointer = pointer;
        _capacity = (uint)length;
        _owner = owner;
        _array = array;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowOutOfRange(int index, int length, uint capacity) =>
        throw new IndexOutOfRangeException($"index={index} length={length} capacity={capacity}");

    /// <summary>Keeps an array where it is until the last view of it is collected.</summary>
    private sealed class Pin(byte[] array)
    {
        private GCHandle _handle = GCHandle.Alloc(array, GCHandleType.Pinned);

        ~Pin() => _handle.Free();

        public nint Address => _handle.AddrOfPinnedObject();
    }

    private const int CacheLineLength = 64;

    /// <summary>
    /// Zeroes bytes that are not to be used soon, past the caches: what lay there is not fetched from memory or from
    /// another core first, and nothing else is driven out. The zeroes are written before any later write.
    /// </summary>
    internal void ZeroPastCaches(int index, int length)
    {
        var start = At(index, length);
        var end = start + length;
        var lines = (byte*)(((nuint)start + CacheLineLength - 1) & ~(nuint)(CacheLineLength - 1));
        var tail = (byte*)((nuint)end & ~(nuint)(CacheLineLength - 1));
        if (lines >= tail)
        {
            new Span<byte>(start, length).Clear();
            return;
        }

        new Span<byte>(start, (int)(lines - start)).Clear();
        for (; lines < tail; lines += CacheLineLength)
            Vector512<byte>.Zero.StoreAlignedNonTemporal(lines);

        new Span<byte>(tail, (int)(end - tail)).Clear();
        // On x86 such stores are in no order with others until fenced; elsewhere a releasing write orders them.
        if (Sse.IsSupported)
            Sse.StoreFence();
    }

    /// <inheritdoc/>
    public void GetBytes(int index, byte[] dst)
    {
        ArgumentNullException.ThrowIfNull(dst);
        AsSpan(index, dst.Length).CopyTo(dst);
    }

    /// <inheritdoc/>
    public void GetBytes(int index, byte[] dst, int offset, int length) =>
        AsSpan(index, length).CopyTo(dst.AsSpan(offset, length));

    /// <inheritdoc/>
    public void GetBytes(int index, IMutableDirectBuffer dstBuffer, int dstIndex, int length)
    {
        ArgumentNullException.ThrowIfNull(dstBuffer);
        dstBuffer.PutBytes(dstIndex, this, index, length);
    }

    /// <inheritdoc/>
    public void PutBytes(int index, byte[] src)
    {
        ArgumentNullException.ThrowIfNull(src);
        src.CopyTo(AsMutableSpan(index, src.Length));
    }

    /// <inheritdoc/>
    public void PutBytes(int index, byte[] src, int offset, int length) =>
        src.AsSpan(offset, length).CopyTo(AsMutableSpan(index, length));

    /// <inheritdoc/>
    public void PutBytes(int index, ReadOnlySpan<byte> src) => src.CopyTo(AsMutableSpan(index, src.Length));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutBytes(int index, IDirectBuffer srcBuffer, int srcIndex, int length)
    {
        // The cast spares the interface's dispatch on the way every message takes.
        var src = srcBuffer is UnsafeBuffer view ? view.AsSpan(srcIndex, length) : srcBuffer.AsSpan(srcIndex, length);
        src.CopyTo(AsMutableSpan(index, length));
        // The pin of a managed array lives as long as its buffer, which must outlive the copy.
        GC.KeepAlive(srcBuffer);
    }

    /// <inheritdoc/>
    public string GetStringAscii(int index) => GetStringAscii(index, GetInt(index));

    /// <inheritdoc/>
    public string GetStringAscii(int index, int length) => GetStringWithoutLengthAscii(index + sizeof(int), length);

    /// <inheritdoc/>
    public string GetStringWithoutLengthAscii(int index, int length) => Encoding.ASCII.GetString(AsSpan(index, length));

    /// <inheritdoc/>
    public string GetStringWithoutLengthUtf8(int index, int length) => Encoding.UTF8.GetString(AsSpan(index, length));

    /// <inheritdoc/>
    public int PutStringAscii(int index, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var length = PutStringWithoutLengthAscii(index + sizeof(int), value);
        PutInt(index, length);
        return sizeof(int) + length;
    }

    /// <inheritdoc/>
    public int PutStringWithoutLengthAscii(int index, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return PutStringWithoutLengthAscii(index, value, 0, value.Length);
    }

    /// <inheritdoc/>
    public int PutStringWithoutLengthAscii(int index, string value, int valueOffset, int length)
    {
        ArgumentNullException.ThrowIfNull(value);
        var count = Math.Clamp(value.Length - valueOffset, 0, Math.Max(length, 0));
        Encoding.ASCII.GetBytes(value.AsSpan(valueOffset, count), AsMutableSpan(index, count));
        return count;
    }

    private const int AtomicAlignment = sizeof(long);

    /// <inheritdoc/>
    public void VerifyAlignment()
    {
        if (((nint)_pointer & (AtomicAlignment - 1)) != 0)
            throw new InvalidOperationException($"memory at {(nint)_pointer:x} is not on an 8-byte boundary");
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long GetLongVolatile(int index) => Volatile.Read(ref *(long*)At(index, sizeof(long)));

    /// <summary>
    /// Writes three longs, of which no other processor sees the second or third before the first.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PutLongsFirstFirst(int index, long first, long second, long third)
    {
        var target = (long*)At(index, 3 * sizeof(long));
        // Pairs with the acquiring read of the frame's length in TermUnblocker.
        Volatile.Write(ref target[0], first);
        Volatile.WriteBarrier();
        target[1] = second;
        target[2] = third;
    }

    /// <inheritdoc/>
    public void PutLongVolatile(int index, long value) =>
        Interlocked.Exchange(ref *(long*)At(index, sizeof(long)), value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutLongOrdered(int index, long value) => Volatile.Write(ref *(long*)At(index, sizeof(long)), value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutLongRelease(int index, long value) => Volatile.Write(ref *(long*)At(index, sizeof(long)), value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool CompareAndSetLong(int index, long expectedValue, long updateValue) =>
        Interlocked.CompareExchange(ref *(long*)At(index, sizeof(long)), updateValue, expectedValue) == expectedValue;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long GetAndAddLong(int index, long delta) =>
        Interlocked.Add(ref *(long*)At(index, sizeof(long)), delta) - delta;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int GetIntVolatile(int index) => Volatile.Read(ref *(int*)At(index, sizeof(int)));

    /// <inheritdoc/>
    public void PutIntVolatile(int index, int value) =>
        Interlocked.Exchange(ref *(int*)At(index, sizeof(int)), value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutIntOrdered(int index, int value) => Volatile.Write(ref *(int*)At(index, sizeof(int)), value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutIntRelease(int index, int value) => Volatile.Write(ref *(int*)At(index, sizeof(int)), value);

    /// <inheritdoc/>
    public bool CompareAndSetInt(int index, int expectedValue, int updateValue) =>
        Interlocked.CompareExchange(ref *(int*)At(index, sizeof(int)), updateValue, expectedValue) == expectedValue;

    /// <inheritdoc/>
    public int GetAndAddInt(int index, int delta) =>
        Interlocked.Add(ref *(int*)At(index, sizeof(int)), delta) - delta;
}
