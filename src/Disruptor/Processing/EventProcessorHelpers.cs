using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor.Processing;

/// <summary>
/// The parts that a processor is put together from: value types, so that the compiler makes one loop of them for each
/// combination and nothing is left to call.
/// </summary>
public static class EventProcessorHelpers
{
    /// <summary>For handlers that do not implement OnBatchStart.</summary>
    public readonly struct NoopOnBatchStartEvaluator : IOnBatchStartEvaluator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool ShouldInvokeOnBatchStart(long availableSequence, long nextSequence) => false;
    }

    /// <summary>For handlers that implement OnBatchStart: they are told of every batch but empty ones.</summary>
    public readonly struct DefaultOnBatchStartEvaluator : IOnBatchStartEvaluator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool ShouldInvokeOnBatchStart(long availableSequence, long nextSequence)
        {
            return availableSequence >= nextSequence;
        }
    }

    /// <summary>For handlers without a greatest batch size.</summary>
    public readonly struct NoopBatchSizeLimiter : IBatchSizeLimiter
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public long ApplyMaxBatchSize(long availableSequence, long nextSequence) => availableSequence;
    }

    /// <summary>For handlers with a greatest batch size.</summary>
    public readonly struct DefaultBatchSizeLimiter(int maxBatchSize) : IBatchSizeLimiter
    {
        private readonly int _lastOffset = maxBatchSize - 1;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public long ApplyMaxBatchSize(long availableSequence, long nextSequence)
        {
            return Math.Min(availableSequence, nextSequence + _lastOffset);
        }
    }

    /// <summary>Calls a handler through its interface.</summary>
    public readonly struct InterfaceHandler<T>(IValueEventHandler<T> handler)
        : IValueEventHandler<T>, IEventProcessorSequenceAware
        where T : struct
    {
        /// <inheritdoc/>
        public int? MaxBatchSize => handler.MaxBatchSize;

        /// <inheritdoc/>
        public void OnEvent(ref T data, long sequence, bool endOfBatch)
        {
            handler.OnEvent(ref data, sequence, endOfBatch);
        }

        /// <inheritdoc/>
        public void OnBatchStart(long batchSize) => handler.OnBatchStart(batchSize);

        /// <inheritdoc/>
        public void OnStart() => handler.OnStart();

        /// <inheritdoc/>
        public void OnShutdown() => handler.OnShutdown();

        /// <inheritdoc/>
        public void OnTimeout(long sequence) => handler.OnTimeout(sequence);

        /// <inheritdoc/>
        public void SetSequenceCallback(Sequence sequenceCallback)
        {
            (handler as IEventProcessorSequenceAware)?.SetSequenceCallback(sequenceCallback);
        }
    }

    /// <summary>Where every available event is published: behind one producer, or behind other consumers.</summary>
    public readonly struct NoopPublishedSequenceReader : IPublishedSequenceReader
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public long GetHighestPublishedSequence(long nextSequence, long availableSequence) => availableSequence;
    }

    /// <summary>Directly behind several producers.</summary>
    public readonly struct MultiProducerSequencerPublishedSequenceReader(MultiProducerSequencer sequencer)
        : IPublishedSequenceReader
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public long GetHighestPublishedSequence(long nextSequence, long availableSequence)
        {
            return sequencer.GetHighestPublishedSequence(nextSequence, availableSequence);
        }
    }

    /// <summary>Directly behind a sequencer that this library does not know.</summary>
    public readonly struct UnknownSequencerPublishedSequenceReader(ISequencer sequencer) : IPublishedSequenceReader
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public long GetHighestPublishedSequence(long nextSequence, long availableSequence)
        {
            return sequencer.GetHighestPublishedSequence(nextSequence, availableSequence);
        }
    }

    /// <summary>The slots of a ring in managed memory.</summary>
    public readonly struct ValueRingBufferDataProvider<T>(ValueRingBuffer<T> ringBuffer) : IValueDataProvider<T>
        where T : struct
    {
        /// <inheritdoc/>
        public ref T this[long sequence]
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => ref ringBuffer[sequence];
        }
    }

    /// <summary>The slots of a ring in unmanaged memory.</summary>
    public readonly struct UnmanagedRingBufferDataProvider<T>(UnmanagedRingBuffer<T> ringBuffer) : IValueDataProvider<T>
        where T : unmanaged
    {
        /// <inheritdoc/>
        public ref T this[long sequence]
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => ref ringBuffer[sequence];
        }
    }
}
