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
        var elements = new Elements<T>(values, MemoryMarshal.AsBytes(new Span<T>(ref unused)));
        for (var place = 0; place < values.Length;)
        {
            var start = elements.NextUsed(place);
            var end = elements.EndOfRun(start);
            BitConverter.TryWriteBytes(writer.Add(sizeof(int)), start - place);
            BitConverter.TryWriteBytes(writer.Add(sizeof(int)), end - start);
            var run = writer.Add((end - start) * size);
            MemoryMarshal.AsBytes(values[start..end]).CopyTo(run);
            Gaps<T>.Clear(run);
            place = end;
        }
    }

    /// <summary>Elements, told from unused ones by their fields: whatever is in the gaps between these.</summary>
    private readonly ref struct Elements<T>
        where T : unmanaged
    {
        private readonly ReadOnlySpan<byte> _bytes;
        private readonly ReadOnlySpan<byte> _unused;
        private readonly bool _isUnusedZero;

        public Elements(ReadOnlySpan<T> values, Span<byte> unused)
        {
            Gaps<T>.Clear(unused);
            _bytes = MemoryMarshal.AsBytes(values);
            _unused = unused;
            _isUnusedZero = !unused.ContainsAnyExcept((byte)0);
        }

        private int Count => _bytes.Length / _unused.Length;

        /// <summary>The next element that was used, or the end.</summary>
        public int NextUsed(int place)
        {
            for (; place < Count && IsUnused(place); place++)
            {
                // Most of a table are zeros, which are passed over faster than one by one.
                if (!_isUnusedZero)
                    continue;

                var zeros = _bytes[(place * _unused.Length)..].IndexOfAnyExcept((byte)0);
                if (zeros < 0)
                    return Count;

                place += Math.Max(0, zeros / _unused.Length - 1);
            }

            return place;
        }

        public int EndOfRun(int place)
        {
            while (true)
            {
                while (place < Count && !IsUnused(place))
                    place++;
                var next = NextUsed(place);
                if (next == Count || (next - place) * _unused.Length >= ShortestGapBytes)
                    return place;

                place = next;
            }
        }

        private bool IsUnused(int place)
        {
            var element = _bytes.Slice(place * _unused.Length, _unused.Length);
            return element.SequenceEqual(_unused) || (Gaps<T>.AreAny && Gaps<T>.AreSameBeside(element, _unused));
        }
    }
}
