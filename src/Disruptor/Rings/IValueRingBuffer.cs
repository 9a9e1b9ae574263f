using ExecutionPipeline.Disruptor.Processing;

namespace ExecutionPipeline.Disruptor;

/// <summary>A ring of value types, wherever its memory is.</summary>
public interface IValueRingBuffer<T> : ICursored, ISequenced, IValueDataProvider<T>
    where T : struct
{
    /// <inheritdoc cref="ISequencer.AddGatingSequences"/>
    void AddGatingSequences(params Sequence[] gatingSequences);

    /// <inheritdoc cref="ISequencer.RemoveGatingSequence"/>
    bool RemoveGatingSequence(Sequence sequence);

    /// <inheritdoc cref="ISequencer.GetMinimumSequence"/>
    long GetMinimumGatingSequence();

    /// <inheritdoc cref="ISequencer.NewBarrier"/>
    SequenceBarrier NewBarrier(SequenceWaiterOwner owner, params Sequence[] sequencesToTrack);

    /// <summary>Creates the processor that calls <paramref name="eventHandler"/> for this ring's events.</summary>
    IValueEventProcessor<T> CreateEventProcessor(SequenceBarrier barrier, IValueEventHandler<T> eventHandler);
}
