using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExecutionPipeline.Disruptor.Dsl;
using ExecutionPipeline.Disruptor.Processing;

namespace ExecutionPipeline.Disruptor;

/// <summary>
/// A ring of events that are value types and lie in it one after the other. They are written and read in place; events
/// without references start on a page of their own, so that a size of a multiple of 64 bytes never shares a line.
/// </summary>
/// <typeparam name="T">The type of the events.</typeparam>
public sealed partial class ValueRingBuffer<T> : RingBuffer, IValueRingBuffer<T>
    where T : struct
{
    /// <summary>Creates a ring of zeroed events over <paramref name="sequencer"/>.</summary>
    public ValueRingBuffer(ISequencer sequencer)
        : base(sequencer, AllocateSlots(sequencer))
    {
    }

    /// <summary>Creates a ring over <paramref name="sequencer"/>, with one call of the factory for each slot.</summary>
    /// <exception cref="ArgumentException">The size is not a power of two.</exception>
    public ValueRingBuffer(Func<T> eventFactory, ISequencer sequencer)
        : this(sequencer)
    {
        for (var sequence = 0L; sequence < BufferSize; sequence++)
            this[sequence] = eventFactory();
    }

    /// <summary>Creates a ring for several producers, with the default wait strategy.</summary>
    /// <exception cref="ArgumentException">The size is not a power of two.</exception>
    public ValueRingBuffer(Func<T> eventFactory, int bufferSize)
        : this(eventFactory, SequencerFactory.Create(SequencerFactory.DefaultProducerType, bufferSize))
    {
    }

    /// <summary>The event's slot.</summary>
    public ref T this[long sequence]
    {
        // Typed as bytes only to take the array's first element without its type: the mask keeps the slot inside.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.As<byte, T>(ref Unsafe.AddByteOffset(
            ref MemoryMarshal.GetArrayDataReference(Unsafe.As<byte[]>(_memory)!),
            _firstSlot + (nint)(sequence & _indexMask) * Unsafe.SizeOf<T>()));
    }

    /// <summary>Creates a ring for several producers.</summary>
    public static ValueRingBuffer<T> CreateMultiProducer(Func<T> factory, int bufferSize, IWaitStrategy waitStrategy)
    {
        return new ValueRingBuffer<T>(factory, new MultiProducerSequencer(bufferSize, waitStrategy));
    }

    /// <summary>Creates a ring for several producers, with the default wait strategy.</summary>
    public static ValueRingBuffer<T> CreateMultiProducer(Func<T> factory, int bufferSize)
    {
        return CreateMultiProducer(factory, bufferSize, SequencerFactory.DefaultWaitStrategy());
    }

    /// <summary>Creates a ring that one thread at a time writes.</summary>
    public static ValueRingBuffer<T> CreateSingleProducer(Func<T> factory, int bufferSize, IWaitStrategy waitStrategy)
    {
        return new ValueRingBuffer<T>(factory, new SingleProducerSequencer(bufferSize, waitStrategy));
    }

    /// <summary>Creates a ring that one thread at a time writes, with the default wait strategy.</summary>
    public static ValueRingBuffer<T> CreateSingleProducer(Func<T> factory, int bufferSize)
    {
        return CreateSingleProducer(factory, bufferSize, SequencerFactory.DefaultWaitStrategy());
    }

    /// <summary>Creates a ring for the given kind of producers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind of producers is none of the enum's.</exception>
    /// <exception cref="ArgumentException">The size is not a power of two.</exception>
    public static ValueRingBuffer<T> Create(
        ProducerType producerType,
        Func<T> factory,
        int bufferSize,
        IWaitStrategy waitStrategy)
    {
        return new ValueRingBuffer<T>(factory, SequencerFactory.Create(producerType, bufferSize, waitStrategy));
    }

    /// <summary>Sets the next sequence to claim to the one after <paramref name="sequence"/>.</summary>
    /// <returns>The slot of the event at <paramref name="sequence"/>.</returns>
    /// <seealso cref="ISequencer.Claim"/>
    public ref T ClaimAndGetPreallocated(long sequence)
    {
        _sequencer.Claim(sequence);
        return ref this[sequence];
    }

    /// <inheritdoc cref="ISequencer.NewPoller{T}"/>
    public ValueEventPoller<T> NewPoller(params Sequence[] gatingSequences)
    {
        return _sequencer.NewPoller(this, gatingSequences);
    }

    /// <summary>Whether the event at <paramref name="sequence"/> is published and still in the ring.</summary>
    public bool IsAvailable(long sequence) => _sequencer.IsAvailable(sequence);

    /// <inheritdoc/>
    public override string ToString()
    {
        var sequencer = _sequencer.GetType().Name;
        return $"ValueRingBuffer {{Type={typeof(T).Name}, BufferSize={BufferSize}, Sequencer={sequencer}}}";
    }

    /// <inheritdoc/>
    IValueEventProcessor<T> IValueRingBuffer<T>.CreateEventProcessor(
        SequenceBarrier barrier,
        IValueEventHandler<T> eventHandler)
    {
        return EventProcessorFactory.Create(this, barrier, eventHandler);
    }

    private static RingSlots AllocateSlots(ISequencer sequencer)
    {
        ThrowHelper.ThrowIfNotRingSize(sequencer.BufferSize);
        return RingSlots.Allocate<T>(sequencer.BufferSize);
    }
}
