using ExecutionPipeline.Native;

namespace ExecutionPipeline.Disruptor;

/// <summary>What a ring asks of the system for its memory, beyond that every page is there from the start.</summary>
public sealed class RingMemoryOptions
{
    /// <summary>Neither huge nor locked.</summary>
    public static RingMemoryOptions Default { get; } = new();

    /// <summary>
    /// Whether to lie on huge pages as far as the system has them, so that a large ring needs few entries of the
    /// processor's page tables. Linux only. Default: false.
    /// </summary>
    public bool UseHugePages { get; init; }

    /// <summary>Whether the system may never page the ring out. Linux and macOS. Default: false.</summary>
    public bool LockMemory { get; init; }

    /// <summary>What the first slot's address is a multiple of, for so many bytes of slots.</summary>
    internal int AlignmentFor(long sizeBytes)
    {
        if (UseHugePages && sizeBytes >= PageMemory.HugePageBytes)
            return PageMemory.HugePageBytes;

        // A small ring on a page of its own would waste the rest of the page.
        return sizeBytes >= CacheLayout.PageBytes ? CacheLayout.PageBytes : CacheLayout.IsolationBytes;
    }

    /// <summary>Asks for what must be asked for before a page is touched.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    /// <exception cref="PlatformNotSupportedException">The system has no such thing.</exception>
    internal void BeforeFirstTouch(nint address, nint lengthBytes)
    {
        if (UseHugePages)
            PageMemory.UseHugePages(address, lengthBytes);
    }

    /// <summary>Asks for what can be given once the pages are there.</summary>
    /// <inheritdoc cref="BeforeFirstTouch"/>
    internal void AfterFirstTouch(nint address, nint lengthBytes)
    {
        if (LockMemory)
            PageMemory.Lock(address, lengthBytes);
    }
}
