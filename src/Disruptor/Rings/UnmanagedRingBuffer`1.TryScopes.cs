using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor;

public sealed partial class UnmanagedRingBuffer<T>
{
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
