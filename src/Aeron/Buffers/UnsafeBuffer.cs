using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>
/// A checked view of memory: mapped, native, or a managed array that it pins. It does not own what it views, except
/// the pin. Views of views keep the memory's owner reachable.
/// </summary>
public sealed unsafe partial class UnsafeBuffer : IAtomicBuffer
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
}
