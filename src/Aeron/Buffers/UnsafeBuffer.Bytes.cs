using System.Runtime.CompilerServices;
using System.Text;

namespace ExecutionPipeline.Aeron.Buffers;

public sealed unsafe partial class UnsafeBuffer
{
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
