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
public sealed class ValueRingBuffer<T> : RingBuffer, IValueRingBuffer<T>
    where T : struct
{
    /// <summary>Creates a ring of zeroed events over <paramref name="sequencer"/>.</summary>
    public ValueRingBuffer(ISequencer sequencer)
        : this(sequencer, RingMemoryOptions.Default)
    {
    }

    /// <summary>
    /// Creates a ring of zeroed events over <paramref name="sequencer"/>, in memory as <paramref name="memory"/> says.
    /// Locked memory stays locked until the process ends.
    /// </summary>
    /// <exception cref="IOException">The system refuses what <paramref name="memory"/> asks for.</exception>
    public ValueRingBuffer(ISequencer sequencer, RingMemoryOptions memory)
        : base(sequencer, AllocateSlots(sequencer, memory))
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

    private static RingSlots AllocateSlots(ISequencer sequencer, RingMemoryOptions memory)
    {
        ThrowHelper.ThrowIfNotRingSize(sequencer.BufferSize);
        return RingSlots.Allocate<T>(sequencer.BufferSize, memory);
    }

    /// <summary>
    /// Claims the next event, spinning while the ring is full, and publishes it at the end of the scope.
    /// </summary>
    /// <code>
    /// using (var scope = ring.PublishEvent())
    /// {
    ///     scope.Event().Price = 1;
    /// }
    /// </code>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public UnpublishedEventScope PublishEvent() => new(this, Next());

    /// <summary>Claims the next event if there is room for it, and publishes it at the end of the scope.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public NullableUnpublishedEventScope TryPublishEvent()
    {
        var hasRoom = TryNext(out var sequence);
        return new NullableUnpublishedEventScope(hasRoom ? this : null, sequence);
    }

    /// <summary>
    /// Claims <paramref name="count"/> events in a row, spinning while there is no room for them, and publishes them at
    /// the end of the scope.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public UnpublishedEventBatchScope PublishEvents(int count)
    {
        var endSequence = Next(count);
        return new UnpublishedEventBatchScope(this, endSequence + 1 - count, endSequence);
    }

    /// <summary>
    /// Claims <paramref name="count"/> events in a row if there is room for all of them, and publishes them at the end
    /// of the scope.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public NullableUnpublishedEventBatchScope TryPublishEvents(int count)
    {
        var hasRoom = TryNext(count, out var endSequence);
        return new NullableUnpublishedEventBatchScope(hasRoom ? this : null, endSequence + 1 - count, endSequence);
    }

    /// <summary>A claimed event, published at the end of the scope.</summary>
    public readonly struct UnpublishedEventScope : IDisposable
    {
        private readonly ValueRingBuffer<T> _ringBuffer;

        /// <summary>Takes over a claimed event.</summary>
        public UnpublishedEventScope(ValueRingBuffer<T> ringBuffer, long sequence)
        {
            _ringBuffer = ringBuffer;
            Sequence = sequence;
        }

        /// <summary>The event's sequence.</summary>
        public long Sequence { get; }

        /// <summary>The event's slot, which holds what was written there a lap before.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ref T Event() => ref _ringBuffer[Sequence];

        /// <summary>Publishes the event.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose() => _ringBuffer.Publish(Sequence);
    }

    /// <summary>Claimed events, published together at the end of the scope.</summary>
    public readonly struct UnpublishedEventBatchScope : IDisposable
    {
        private readonly ValueRingBuffer<T> _ringBuffer;

        /// <summary>Takes over claimed events.</summary>
        public UnpublishedEventBatchScope(ValueRingBuffer<T> ringBuffer, long startSequence, long endSequence)
        {
            _ringBuffer = ringBuffer;
            StartSequence = startSequence;
            EndSequence = endSequence;
        }

        /// <summary>The first event's sequence.</summary>
        public long StartSequence { get; }

        /// <summary>The last event's sequence.</summary>
        public long EndSequence { get; }

        /// <summary>The slot of the event at <paramref name="index"/>, from 0.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ref T Event(int index) => ref _ringBuffer[StartSequence + index];

        /// <summary>Publishes the events.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose() => _ringBuffer.Publish(StartSequence, EndSequence);
    }

    /// <summary>A claimed event, if there was room for one, published at the end of the scope.</summary>
    public readonly struct NullableUnpublishedEventScope : IDisposable
    {
        private readonly ValueRingBuffer<T>? _ringBuffer;
        private readonly long _sequence;

        /// <summary>Takes over a claimed event; a null ring means that there is none.</summary>
        public NullableUnpublishedEventScope(ValueRingBuffer<T>? ringBuffer, long sequence)
        {
            _ringBuffer = ringBuffer;
            _sequence = sequence;
        }

        /// <summary>Whether there was room for an event.</summary>
        public bool HasEvent => _ringBuffer != null;

        /// <summary>Gives the claimed event, if there is one.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool TryGetEvent(out EventRef eventRef)
        {
            eventRef = new EventRef(_ringBuffer!, _sequence);
            return _ringBuffer != null;
        }

        /// <summary>Publishes the event, if there is one.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose() => _ringBuffer?.Publish(_sequence);
    }

    /// <summary>Claimed events, if there was room for them, published together at the end of the scope.</summary>
    public readonly struct NullableUnpublishedEventBatchScope : IDisposable
    {
        private readonly ValueRingBuffer<T>? _ringBuffer;
        private readonly long _startSequence;
        private readonly long _endSequence;

        /// <summary>Takes over claimed events; a null ring means that there are none.</summary>
        public NullableUnpublishedEventBatchScope(ValueRingBuffer<T>? ringBuffer, long startSequence, long endSequence)
        {
            _ringBuffer = ringBuffer;
            _startSequence = startSequence;
            _endSequence = endSequence;
        }

        /// <summary>Whether there was room for the events.</summary>
        public bool HasEvents => _ringBuffer != null;

        /// <summary>Gives the claimed events, if there are any.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool TryGetEvents(out EventBatchRef eventRef)
        {
            eventRef = new EventBatchRef(_ringBuffer!, _startSequence, _endSequence);
            return _ringBuffer != null;
        }

        /// <summary>Publishes the events, if there are any.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose() => _ringBuffer?.Publish(_startSequence, _endSequence);
    }

    /// <summary>A claimed event of a <see cref="NullableUnpublishedEventScope"/>.</summary>
    public readonly struct EventRef
    {
        private readonly ValueRingBuffer<T> _ringBuffer;

        /// <summary>Refers to a claimed event.</summary>
        public EventRef(ValueRingBuffer<T> ringBuffer, long sequence)
        {
            _ringBuffer = ringBuffer;
            Sequence = sequence;
        }

        /// <summary>The event's sequence.</summary>
        public long Sequence { get; }

        /// <summary>The event's slot, which holds what was written there a lap before.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ref T Event() => ref _ringBuffer[Sequence];
    }

    /// <summary>Claimed events of a <see cref="NullableUnpublishedEventBatchScope"/>.</summary>
    public readonly struct EventBatchRef
    {
        private readonly ValueRingBuffer<T> _ringBuffer;

        /// <summary>Refers to claimed events.</summary>
        public EventBatchRef(ValueRingBuffer<T> ringBuffer, long startSequence, long endSequence)
        {
            _ringBuffer = ringBuffer;
            StartSequence = startSequence;
            EndSequence = endSequence;
        }

        /// <summary>The first event's sequence.</summary>
        public long StartSequence { get; }

        /// <summary>The last event's sequence.</summary>
        public long EndSequence { get; }

        /// <summary>The slot of the event at <paramref name="index"/>, from 0.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ref T Event(int index) => ref _ringBuffer[StartSequence + index];
    }
}
