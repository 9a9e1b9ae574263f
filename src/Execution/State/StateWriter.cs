using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Execution.State;

/// <summary>Bytes that grow.</summary>
internal sealed class StateWriter
{
    private byte[] _bytes = new byte[1 << 16];
    private int _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <summary>Room for so many bytes at the end, to be written.</summary>
    public Span<byte> Add(int length)
    {
        if (length > _bytes.Length - _length)
        {
            var wanted = Math.Max(2L * _bytes.Length, (long)_length + length);
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, wanted));
        }

        _length += length;
        return _bytes.AsSpan(_length - length, length);
    }

    public void Clear() => _length = 0;
}

/// <summary>
/// An array as runs: elements that were never used, counted, and then others, written whole. A short run of unused ones
/// is written too, since counting it takes as much room.
/// </summary>
internal static class SparseRuns
{
    private const int ShortestGapBytes = 16;

    public static void Write<T>(StateWriter writer, ReadOnlySpan<T> values, T unused)
        where T : unmanaged
    {
        var size = Unsafe.SizeOf<T>();
        var bytes = Gaps<T>.Without(MemoryMarshal.AsBytes(values));
        var filler = Gaps<T>.Without(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(ref unused)));
        for (var place = 0; place < values.Length;)
        {
            var start = NextUsed(bytes, filler, place);
            var end = EndOfRun(bytes, filler, start);
            BitConverter.TryWriteBytes(writer.Add(sizeof(int)), start - place);
            BitConverter.TryWriteBytes(writer.Add(sizeof(int)), end - start);
            bytes[(start * size)..(end * size)].CopyTo(writer.Add((end - start) * size));
            place = end;
        }
    }

    /// <summary>The next element that was used, or the end.</summary>
    private static int NextUsed(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> filler, int place)
    {
        var size = filler.Length;
        if (!filler.ContainsAnyExcept((byte)0))
        {
            var found = bytes[(place * size)..].IndexOfAnyExcept((byte)0);
            return found < 0 ? bytes.Length / size : place + found / size;
        }

        while (place * size < bytes.Length && bytes.Slice(place * size, size).SequenceEqual(filler))
            place++;
        return place;
    }

    private static int EndOfRun(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> filler, int place)
    {
        var size = filler.Length;
        while (true)
        {
            while (place * size < bytes.Length && !bytes.Slice(place * size, size).SequenceEqual(filler))
                place++;
            var next = NextUsed(bytes, filler, place);
            if (next * size == bytes.Length || (next - place) * size >= ShortestGapBytes)
                return place;

            place = next;
        }
    }
}
