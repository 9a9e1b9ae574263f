using System.Runtime.InteropServices;
using ExecutionPipeline.Native;
using Microsoft.Win32.SafeHandles;

namespace ExecutionPipeline.Disruptor;

/// <summary>A block of unmanaged memory that holds the events of a ring.</summary>
public class UnmanagedRingBufferMemory : IDisposable
{
    private readonly SafeHandle _memoryHandle;

    /// <summary>Takes over the memory behind <paramref name="memoryHandle"/>.</summary>
    /// <param name="memoryHandle">Released by <see cref="Dispose"/>.</param>
    /// <param name="padding">From the handle's address to the first event, in bytes.</param>
    /// <param name="eventCount">Events that the memory holds.</param>
    /// <param name="eventSize">From one event to the next, in bytes.</param>
    public UnmanagedRingBufferMemory(SafeHandle memoryHandle, int padding, int eventCount, int eventSize)
    {
        _memoryHandle = memoryHandle;
        PointerToFirstEvent = memoryHandle.DangerousGetHandle() + padding;
        EventCount = eventCount;
        EventSize = eventSize;
    }

    /// <summary>The first event.</summary>
    public IntPtr PointerToFirstEvent { get; }

    /// <summary>Events that the memory holds.</summary>
    public int EventCount { get; }

    /// <summary>From one event to the next, in bytes.</summary>
    public int EventSize { get; }

    /// <summary>Allocates zeroed memory that starts on a page and whose pages are all there.</summary>
    /// <param name="eventCount">Events that the memory holds: a power of two.</param>
    /// <param name="eventSize">From one event to the next, in bytes.</param>
    /// <exception cref="ArgumentException">The count is not a power of two, or the size is below 1.</exception>
    /// <exception cref="OutOfMemoryException">There is no memory for them.</exception>
    public static UnmanagedRingBufferMemory Allocate(int eventCount, int eventSize)
    {
        return Allocate(eventCount, eventSize, RingMemoryOptions.Default);
    }

    /// <inheritdoc cref="Allocate(int, int)"/>
    /// <param name="eventCount">Events that the memory holds: a power of two.</param>
    /// <param name="eventSize">From one event to the next, in bytes.</param>
    /// <param name="options">What to ask of the system for the memory.</param>
    /// <exception cref="IOException">The system refuses what <paramref name="options"/> ask for.</exception>
    public static unsafe UnmanagedRingBufferMemory Allocate(
        int eventCount,
        int eventSize,
        RingMemoryOptions options)
    {
        if (eventCount < 1)
            throw new ArgumentException($"{nameof(eventCount)} must not be less than 1");

        if (!eventCount.IsPowerOf2())
            throw new ArgumentException($"{nameof(eventCount)} must be a power of 2");

        if (eventSize < 1)
            throw new ArgumentException($"{nameof(eventSize)} must not be less than 1");

        // The margin keeps what is allocated next off the last event's lines; the alignment keeps it off the first's.
        var sizeBytes = (nint)eventCount * eventSize;
        var alignmentBytes = Math.Max(options.AlignmentFor(sizeBytes), CacheLayout.PageBytes);
        sizeBytes += CacheLayout.IsolationBytes;
        var pointer = NativeMemory.AlignedAlloc((nuint)sizeBytes, (nuint)alignmentBytes);
        var handle = new AlignedMemoryHandle((nint)pointer, options.LockMemory ? sizeBytes : 0);
        try
        {
            options.BeforeFirstTouch((nint)pointer, sizeBytes);
            NativeMemory.Clear(pointer, (nuint)sizeBytes);
            options.AfterFirstTouch((nint)pointer, sizeBytes);
        }
        catch
        {
            handle.Dispose();
            throw;
        }

        return new UnmanagedRingBufferMemory(handle, 0, eventCount, eventSize);
    }

    /// <summary>Allocates memory, with one call of the factory for each event.</summary>
    /// <exception cref="ArgumentException">The count is not a power of two.</exception>
    public static unsafe UnmanagedRingBufferMemory Allocate<T>(int eventCount, Func<T> factory)
        where T : unmanaged
    {
        var memory = Allocate(eventCount, sizeof(T));
        var events = (T*)memory.PointerToFirstEvent;
        for (var i = 0; i < eventCount; i++)
            events[i] = factory();

        return memory;
    }

    /// <summary>
    /// Copies the events out. <typeparamref name="T"/> must be of the size that the memory was made for.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    /// <exception cref="ObjectDisposedException">The memory has been released.</exception>
    public unsafe T[] ToArray<T>()
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_memoryHandle.IsClosed, this);
        if (sizeof(T) != EventSize)
            throw new InvalidOperationException($"{typeof(T).Name} is of {sizeof(T)} bytes, the events of {EventSize}");

        return new ReadOnlySpan<T>((void*)PointerToFirstEvent, EventCount).ToArray();
    }

    /// <summary>Releases the memory. No ring may use it any more.</summary>
    public void Dispose()
    {
        _memoryHandle.Dispose();
        GC.SuppressFinalize(this);
    }

    private sealed class AlignedMemoryHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        private readonly nint _lockedBytes;

        public AlignedMemoryHandle(nint pointer, nint lockedBytes)
            : base(ownsHandle: true)
        {
            _lockedBytes = lockedBytes;
            SetHandle(pointer);
        }

        protected override unsafe bool ReleaseHandle()
        {
            if (_lockedBytes != 0)
                PageMemory.Unlock(handle, _lockedBytes);

            NativeMemory.AlignedFree((void*)handle);
            return true;
        }
    }
}
