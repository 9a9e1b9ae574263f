using System.Runtime.CompilerServices;
using ExecutionPipeline.Disruptor.Dsl;
using ExecutionPipeline.Disruptor.Processing;

namespace ExecutionPipeline.Disruptor;

/// <summary>
/// A ring over memory that the garbage collector does not see: mapped, shared, or allocated by
/// <see cref="UnmanagedRingBufferMemory"/>. Events are written and read in place.
/// </summary>
/// <typeparam name="T">The type of the events.</typeparam>
public sealed partial class UnmanagedRingBuffer<T> : UnmanagedRingBuffer, IValueRingBuffer<T>
    where T : unmanaged
{
    /// <summary>
    /// Creates a ring over the caller's memory, which must hold <see cref="ISequenced.BufferSize"/> events and outlive
    /// the ring.
    /// </summary>
    /// <param name="pointer">The first event.</param>
    /// <param name="eventSize">From one event to the next, in bytes.</param>
    /// <param name="sequencer">Hands out the sequences.</param>
    /// <exception cref="ArgumentException">The event size is below that of <typeparamref name="T"/>.</exception>
    public UnmanagedRingBuffer(IntPtr pointer, int eventSize, ISequencer sequencer)
        : this(pointer, eventSize, sequencer, null)
    {
    }

    /// <summary>
    /// Creates a ring over <paramref name="memory"/>, which must not be disposed of while it is used.
    /// </summary>
    public UnmanagedRingBuffer(UnmanagedRingBufferMemory memory, ProducerType producerType, IWaitStrategy waitStrategy)
        : this(
            memory.PointerToFirstEvent,
            memory.EventSize,
            SequencerFactory.Create(producerType, memory.EventCount, waitStrategy),
            memory)
    {
    }

    private UnmanagedRingBuffer(nint pointer, int eventSize, ISequencer sequencer, object? memory)
        : base(sequencer, pointer, eventSize, memory)
    {
        if (eventSize < Unsafe.SizeOf<T>())
            throw new ArgumentException($"eventSize must not be less than {Unsafe.SizeOf<T>()}, the size of the event");
    }

    /// <summary>The event's slot.</summary>
    public unsafe ref T this[long sequence]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.AsRef<T>((void*)(_firstSlot + (nint)(sequence & _indexMask) * _slotBytes));
    }

    /// <inheritdoc cref="ISequencer.NewPoller{T}"/>
    public ValueEventPoller<T> NewPoller(params Sequence[] gatingSequences)
    {
        return _sequencer.NewPoller(this, gatingSequences);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var sequencer = _sequencer.GetType().Name;
        return $"UnmanagedRingBuffer {{Type={typeof(T).Name}, BufferSize={BufferSize}, Sequencer={sequencer}}}";
    }

    /// <inheritdoc/>
    IValueEventProcessor<T> IValueRingBuffer<T>.CreateEventProcessor(
        SequenceBarrier barrier,
        IValueEventHandler<T> eventHandler)
    {
        return EventProcessorFactory.Create(this, barrier, eventHandler);
    }
}
