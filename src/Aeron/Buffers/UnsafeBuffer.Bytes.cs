using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace ExecutionPipeline.Aeron.Buffers;

public sealed unsafe partial class UnsafeBuffer
{
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
}
