using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Execution.State;

/// <summary>
/// What can be saved and loaded. One method does both, and the hash beside it, so that the three cannot disagree on
/// what the state is.
/// </summary>
public interface IStateful
{
    /// <summary>Passes everything that later answers depend on through the stream, in an order that never changes.
    /// </summary>
    /// <param name="state">Takes the values, or replaces them.</param>
    /// <exception cref="StateException">The stream holds the state of something else; this one is then undefined.
    /// </exception>
    void Transfer(StateStream state);
}

/// <summary>
/// State on its way into memory, out of it, or into a hash. Sums, free lists and hash tables pass as they are: nothing
/// is worked out anew, so what was loaded goes on with the same bits and the same choices. Bytes between the fields of
/// a structure, which mean nothing, always pass as 0. Never used by the thread that trades.
/// </summary>
public sealed class StateStream
{
    private const int HashedAtOnce = 1 << 15;
    private const int PageBytes = 4_096;

    private readonly StateWriter? _writer;
    private readonly XxHash3? _hash;
    private readonly ReadOnlyMemory<byte> _source;
    private readonly bool _isTouching;
    private int _position;
    private string _section = "start";

    private StateStream(
        StateWriter? writer, XxHash3? hash, ReadOnlyMemory<byte> source, bool isTouching = false)
    {
        _isTouching = isTouching;
        _writer = writer;
        _hash = hash;
        _source = source;
    }

    /// <summary>Whether values are replaced by what the stream holds.</summary>
    public bool IsReading => _writer is null && !_isTouching;

    /// <summary>What was written so far; nothing where the stream reads or hashes.</summary>
    public ReadOnlyMemory<byte> Written => _hash is null && _writer is not null ? _writer.Written : default;

    /// <summary>A stream that keeps what passes.</summary>
    public static StateStream ForWriting() => new(new StateWriter(), null, default);

    /// <summary>A stream that hashes what passes.</summary>
    public static StateStream ForHashing() => new(new StateWriter(), new XxHash3(), default);

    /// <summary>A stream of what another one has kept.</summary>
    public static StateStream ForReading(ReadOnlyMemory<byte> bytes) => new(null, null, bytes);

    /// <summary>
    /// A stream that keeps nothing and changes nothing, and writes to every page of what passes: memory that was taken
    /// and never written is given by the kernel at the first write, which costs the thread that does it a page fault.
    /// </summary>
    public static StateStream ForTouching() => new(null, null, default, isTouching: true);

    /// <summary>Marks where a part begins, so that what does not fit is named.</summary>
    /// <exception cref="StateException">Another part begins here.</exception>
    public void Section(string name)
    {
        var mark = MarkOf(name);
        var found = Next(mark);
        if (found != mark)
            throw new StateException($"the state of '{name}' does not begin where that of '{_section}' ends.");

        _section = name;
    }

    /// <summary>Passes a field.</summary>
    public void Value<T>(ref T value)
        where T : unmanaged =>
        Pass(new Span<T>(ref value));

    /// <summary>Passes a property: it is to be set to what is returned.</summary>
    public T Next<T>(T value)
        where T : unmanaged
    {
        Value(ref value);
        return value;
    }

    /// <summary>Passes what the configuration gives and must be the same.</summary>
    /// <exception cref="StateException">The stream holds another value.</exception>
    public void Expect<T>(T value, string name)
        where T : unmanaged, IEquatable<T>
    {
        var found = Next(value);
        if (!found.Equals(value))
            throw new StateException($"the state of '{_section}' is of {found} {name}, not of {value} as configured.");
    }

    /// <summary>
    /// Passes the elements of an array whose length the configuration gives. Runs of elements that were never used cost
    /// no room.
    /// </summary>
    /// <param name="values">All of it.</param>
    /// <param name="unused">What an element is that was never used.</param>
    /// <exception cref="StateException">The stream holds an array of another length.</exception>
    public void Array<T>(Span<T> values, T unused = default)
        where T : unmanaged
    {
        CheckLength(values.Length, Next(values.Length), Next(Unsafe.SizeOf<T>()) == Unsafe.SizeOf<T>());
        if (_writer is not null)
        {
            SparseRuns.Write(_writer, values, unused);
            FlushHash();
            return;
        }

        if (_isTouching)
        {
            Touch(MemoryMarshal.AsBytes(values));
            return;
        }

        values.Fill(unused);
        for (var place = 0; place < values.Length;)
        {
            var skipped = Next(0);
            var count = Next(0);
            var isInside = skipped >= 0 && count >= 0 && (long)place + skipped + count <= values.Length;
            if (!isInside || skipped + count == 0)
                throw new StateException($"the state of '{_section}' is damaged: elements outside of an array.");

            var run = MemoryMarshal.AsBytes(values.Slice(place + skipped, count));
            Take(run.Length).CopyTo(run);
            place += skipped + count;
        }
    }

    /// <summary>
    /// Passes the links of places of which the free ones lead, at the start, each to the next, the last one to -1. The
    /// places behind the last one that was ever used cost no room.
    /// </summary>
    /// <exception cref="StateException">The stream holds an array of another length.</exception>
    public void Links(Span<int> next)
    {
        CheckLength(next.Length, Next(next.Length), isSameSize: true);
        var used = next.Length;
        while (used > 0 && next[used - 1] == FreshLink(used - 1, next.Length))
            used--;
        if (_isTouching)
            Touch(MemoryMarshal.AsBytes(next));
        used = Next(used);
        if ((uint)used > (uint)next.Length)
            throw new StateException($"the state of '{_section}' is damaged: {used} of {next.Length} places in use.");

        for (var place = 0; place < used; place++)
            Value(ref next[place]);
        for (var place = used; IsReading && place < next.Length; place++)
            next[place] = FreshLink(place, next.Length);
    }

    /// <summary>Passes an array that grows with use: where it is another length, a new one takes its place.</summary>
    public void Growing<T>(ref T[] values)
        where T : unmanaged
    {
        var length = Next(values.Length);
        if (length < 0 || length > Room(Unsafe.SizeOf<T>()))
            throw new StateException($"the state of '{_section}' is damaged: an array of {length} elements.");
        if (length != values.Length)
            values = new T[length];

        Pass(values.AsSpan());
    }

    /// <summary>All that was to be read has been read.</summary>
    /// <exception cref="StateException">Something is left.</exception>
    public void End()
    {
        if (IsReading && _position != _source.Length)
            throw new StateException($"behind the state of '{_section}' are {_source.Length - _position} bytes more.");
    }

    /// <summary>The XXH3 of 64 bits of what one stream has kept.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> bytes) => XxHash3.HashToUInt64(bytes);

    /// <summary>The same of all that has passed; the stream begins anew.</summary>
    public ulong TakeHash()
    {
        if (_hash is null)
            throw new InvalidOperationException("this stream does not hash.");

        _hash.Append(_writer!.Written.Span);
        _writer.Clear();
        var hash = _hash.GetCurrentHashAsUInt64();
        _hash.Reset();
        return hash;
    }

    /// <summary>Passes elements as they are, but for the gaps between their fields.</summary>
    private void Pass<T>(Span<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        if (_isTouching)
        {
            Touch(bytes);
            return;
        }

        if (_writer is null)
        {
            Take(bytes.Length).CopyTo(bytes);
            return;
        }

        var copy = _writer.Add(bytes.Length);
        bytes.CopyTo(copy);
        Gaps<T>.Clear(copy);
        FlushHash();
    }

    private static void Touch(Span<byte> bytes)
    {
        for (var place = 0; place < bytes.Length; place += PageBytes)
            Volatile.Write(ref bytes[place], bytes[place]);
    }

    private static int FreshLink(int place, int length) => place + 1 < length ? place + 1 : -1;

    /// <summary>FNV-1a of the name (Fowler, Noll and Vo).</summary>
    private static uint MarkOf(string name)
    {
        var mark = 2_166_136_261u;
        foreach (var letter in name)
            mark = (mark ^ letter) * 16_777_619u;
        return mark;
    }

    private void CheckLength(int length, int found, bool isSameSize)
    {
        if (found != length || !isSameSize)
        {
            throw new StateException(
                $"the state of '{_section}' holds an array of {found} elements where this configuration has {length}"
                + (isSameSize ? "." : ", and of another layout."));
        }
    }

    /// <summary>Elements of a size that there can be.</summary>
    private long Room(int size) => IsReading ? (_source.Length - _position) / size : System.Array.MaxLength;

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _source.Length - _position)
            throw new StateException($"the state of '{_section}' is cut off.");

        _position += length;
        return _source.Span.Slice(_position - length, length);
    }

    private void FlushHash()
    {
        if (_hash is null || _writer!.Written.Length < HashedAtOnce)
            return;

        _hash.Append(_writer.Written.Span);
        _writer.Clear();
    }
}

/// <summary>What was to be loaded is no state of what it was loaded into; the message says which part.</summary>
public sealed class StateException(string message) : Exception(message);
