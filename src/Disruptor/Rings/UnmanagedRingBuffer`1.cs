using System.Runtime.CompilerServices;
using ExecutionPipeline.Disruptor.Dsl;
using ExecutionPipeline.Disruptor.Processing;

namespace ExecutionPipeline.Disruptor;

/// <summary>
/// A ring over memory that the garbage collector does not see: mapped, shared, or allocated by
/// <see cref="UnmanagedRingBufferMemory"/>. Events are written and read in place.
/// </summary>
/// <typeparam name="T">The type of the events.</typeparam>
public sealed class UnmanagedRingBuffer<T> : UnmanagedRingBuffer, IValueRingBuffer<T>
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
        private readonly UnmanagedRingBuffer<T> _ringBuffer;

        /// <summary>Takes over a claimed event.</summary>
        public UnpublishedEventScope(UnmanagedRingBuffer<T> ringBuffer, long sequence)
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
        private readonly UnmanagedRingBuffer<T> _ringBuffer;

        /// <summary>Takes over claimed events.</summary>
        public UnpublishedEventBatchScope(UnmanagedRingBuffer<T> ringBuffer, long startSequence, long endSequence)
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
        private readonly UnmanagedRingBuffer<T>? _ringBuffer;
        private readonly long _sequence;

        /// <summary>Takes over a claimed event; a null ring means that there is none.</summary>
        public NullableUnpublishedEventScope(UnmanagedRingBuffer<T>? ringBuffer, long sequence)
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
        private readonly UnmanagedRingBuffer<T>? _ringBuffer;
        private readonly long _startSequence;
        private readonly long _endSequence;

        /// <summary>Takes over claimed events; a null ring means that there are none.</summary>
        public NullableUnpublishedEventBatchScope(
            UnmanagedRingBuffer<T>? ringBuffer,
            long startSequence,
            long endSequence)
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
        private readonly UnmanagedRingBuffer<T> _ringBuffer;

        /// <summary>Refers to a claimed event.</summary>
        public EventRef(UnmanagedRingBuffer<T> ringBuffer, long sequence)
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
        private readonly UnmanagedRingBuffer<T> _ringBuffer;

        /// <summary>Refers to claimed events.</summary>
        public EventBatchRef(UnmanagedRingBuffer<T> ringBuffer, long startSequence, long endSequence)
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
