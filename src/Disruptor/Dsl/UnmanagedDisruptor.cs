using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor.Dsl;

/// <summary>
/// A ring in unmanaged memory and the consumers of its events. The memory must outlive the disruptor and its threads.
/// </summary>
/// <typeparam name="T">The type of the events.</typeparam>
public class UnmanagedDisruptor<T> : ValueTypeDisruptor<T>
    where T : unmanaged
{
    /// <summary>Creates a disruptor for several producers, with the default scheduler and wait strategy.</summary>
    /// <inheritdoc cref="UnmanagedDisruptor{T}(IntPtr, int, int, TaskScheduler, ProducerType, IWaitStrategy)"/>
    public UnmanagedDisruptor(IntPtr pointer, int eventSize, int ringBufferSize)
        : this(pointer, eventSize, ringBufferSize, TaskScheduler.Default)
    {
    }

    /// <summary>Creates a disruptor for several producers, with the default wait strategy.</summary>
    /// <inheritdoc cref="UnmanagedDisruptor{T}(IntPtr, int, int, TaskScheduler, ProducerType, IWaitStrategy)"/>
    public UnmanagedDisruptor(IntPtr pointer, int eventSize, int ringBufferSize, TaskScheduler taskScheduler)
        : this(
            pointer,
            eventSize,
            ringBufferSize,
            taskScheduler,
            SequencerFactory.DefaultProducerType,
            SequencerFactory.DefaultWaitStrategy())
    {
    }

    /// <summary>Creates a disruptor with the default scheduler.</summary>
    /// <inheritdoc cref="UnmanagedDisruptor{T}(IntPtr, int, int, TaskScheduler, ProducerType, IWaitStrategy)"/>
    public UnmanagedDisruptor(
        IntPtr pointer,
        int eventSize,
        int ringBufferSize,
        ProducerType producerType,
        IWaitStrategy waitStrategy)
        : this(pointer, eventSize, ringBufferSize, TaskScheduler.Default, producerType, waitStrategy)
    {
    }

    /// <summary>Creates a disruptor over <paramref name="memory"/>, with the default scheduler.</summary>
    public UnmanagedDisruptor(UnmanagedRingBufferMemory memory, ProducerType producerType, IWaitStrategy waitStrategy)
        : this(memory, TaskScheduler.Default, producerType, waitStrategy)
    {
    }

    /// <summary>Creates a disruptor over <paramref name="memory"/>.</summary>
    public UnmanagedDisruptor(
        UnmanagedRingBufferMemory memory,
        TaskScheduler taskScheduler,
        ProducerType producerType,
        IWaitStrategy waitStrategy)
        : base(new UnmanagedRingBuffer<T>(memory, producerType, waitStrategy), taskScheduler)
    {
    }

    /// <summary>Creates a disruptor over the caller's memory.</summary>
    /// <param name="pointer">The first event.</param>
    /// <param name="eventSize">From one event to the next, in bytes.</param>
    /// <param name="ringBufferSize">Events that the memory holds: a power of two.</param>
    /// <param name="taskScheduler">Gives each handler its thread.</param>
    /// <param name="producerType">Whether one thread publishes, or several.</param>
    /// <param name="waitStrategy">How consumers wait.</param>
    /// <exception cref="ArgumentException">
    /// The ring's size is not a power of two, or the event's is too small.
    /// </exception>
    public UnmanagedDisruptor(
        IntPtr pointer,
        int eventSize,
        int ringBufferSize,
        TaskScheduler taskScheduler,
        ProducerType producerType,
        IWaitStrategy waitStrategy)
        : base(NewRing(pointer, eventSize, ringBufferSize, producerType, waitStrategy), taskScheduler)
    {
    }

    /// <summary>The ring.</summary>
    public new UnmanagedRingBuffer<T> RingBuffer
    {
        // The constructor has put a ring of this type there.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.As<UnmanagedRingBuffer<T>>(base.RingBuffer);
    }

    /// <inheritdoc cref="ICursored.Cursor"/>
    public long Cursor => RingBuffer.Cursor;

    /// <inheritdoc cref="ISequenced.BufferSize"/>
    public long BufferSize => RingBuffer.BufferSize;

    /// <summary>The event's slot.</summary>
    public ref T this[long sequence] => ref RingBuffer[sequence];

    /// <inheritdoc cref="UnmanagedRingBuffer{T}.PublishEvent"/>
    public UnmanagedRingBuffer<T>.UnpublishedEventScope PublishEvent() => RingBuffer.PublishEvent();

    /// <inheritdoc cref="UnmanagedRingBuffer{T}.PublishEvents"/>
    public UnmanagedRingBuffer<T>.UnpublishedEventBatchScope PublishEvents(int count)
    {
        return RingBuffer.PublishEvents(count);
    }

    private static UnmanagedRingBuffer<T> NewRing(
        nint pointer,
        int eventSize,
        int ringBufferSize,
        ProducerType producerType,
        IWaitStrategy waitStrategy)
    {
        var sequencer = SequencerFactory.Create(producerType, ringBufferSize, waitStrategy);
        return new UnmanagedRingBuffer<T>(pointer, eventSize, sequencer);
    }
}
