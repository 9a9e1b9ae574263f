using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor;

public sealed partial class UnmanagedRingBuffer<T>
{
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
}
