using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Disruptor;

/// <summary>
/// The memory of a managed ring: pinned, so that its alignment lasts, written once, so that no page is missing when the
/// first event comes, and with a margin on both sides, so that the slots share no line with anything else.
/// </summary>
internal readonly struct RingSlots
{
    private RingSlots(object entries, nint firstSlotOffset, int slotBytes)
    {
        Entries = entries;
        FirstSlotOffset = firstSlotOffset;
        SlotBytes = slotBytes;
    }

    /// <summary>The array that holds the slots.</summary>
    public object Entries { get; }

    /// <summary>From the array's first byte to the first slot's, in bytes.</summary>
    public nint FirstSlotOffset { get; }

    /// <summary>From one slot to the next, in bytes.</summary>
    public int SlotBytes { get; }

    /// <summary>Allocates <paramref name="count"/> slots, all of them zero.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory for them.</exception>
    public static RingSlots Allocate<T>(int count)
        where T : struct
    {
        return RuntimeHelpers.IsReferenceOrContainsReferences<T>()
            ? AllocateTyped<T>(count)
            : AllocateLines(count, Unsafe.SizeOf<T>());
    }

    /// <summary>Events without references go into an array of cache lines, where they can start on any line.</summary>
    private static RingSlots AllocateLines(int count, int slotBytes)
    {
        var sizeBytes = (long)count * slotBytes;
        // A small ring on a page of its own would waste the rest of the page.
        var alignmentBytes = sizeBytes >= CacheLayout.PageBytes ? CacheLayout.PageBytes : CacheLayout.IsolationBytes;
        var totalBytes = sizeBytes + alignmentBytes + 2 * CacheLayout.IsolationBytes;
        var lines = GC.AllocateUninitializedArray<CacheLine>(ToLineCount(totalBytes), pinned: true);
        lines.AsSpan().Clear();

        return new RingSlots(lines, OffsetOfFirstAligned(lines, alignmentBytes), slotBytes);
    }

    /// <summary>Events with references need an array of their own type, and lie where its elements lie.</summary>
    private static RingSlots AllocateTyped<T>(int count)
        where T : struct
    {
        var marginCount = (CacheLayout.IsolationBytes + Unsafe.SizeOf<T>() - 1) / Unsafe.SizeOf<T>();
        var entries = GC.AllocateArray<T>(count + 2 * marginCount, pinned: true);
        entries.AsSpan().Clear();

        return new RingSlots(entries, (nint)marginCount * Unsafe.SizeOf<T>(), Unsafe.SizeOf<T>());
    }

    private static int ToLineCount(long sizeBytes)
    {
        return checked((int)((sizeBytes + CacheLayout.LineBytes - 1) / CacheLayout.LineBytes));
    }

    private static nint OffsetOfFirstAligned(CacheLine[] lines, int alignmentBytes)
    {
        var address = Marshal.UnsafeAddrOfPinnedArrayElement(lines, 0);
        var earliest = address + CacheLayout.IsolationBytes;
        var aligned = (earliest + alignmentBytes - 1) & ~((nint)alignmentBytes - 1);
        return aligned - address;
    }

    [StructLayout(LayoutKind.Sequential, Size = CacheLayout.LineBytes)]
    private struct CacheLine;
}
