using ExecutionPipeline.Disruptor.Processing;

namespace ExecutionPipeline.Disruptor.Dsl;

/// <summary>Consumers that others can be put behind.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public class ValueEventHandlerGroup<T>
    where T : struct
{
    private readonly ValueTypeDisruptor<T> _disruptor;
    private readonly ConsumerRepository _consumers;
    private readonly Sequence[] _sequences;

    internal ValueEventHandlerGroup(
        ValueTypeDisruptor<T> disruptor,
        ConsumerRepository consumers,
        IEnumerable<Sequence> sequences)
    {
        _disruptor = disruptor;
        _consumers = consumers;
        _sequences = [.. sequences];
    }

    /// <summary>The consumers of both groups.</summary>
    public ValueEventHandlerGroup<T> And(ValueEventHandlerGroup<T> otherHandlerGroup)
    {
        return WithSequences(_sequences.Concat(otherHandlerGroup._sequences));
    }

    /// <summary>The consumers of this group and custom processors, which are added to the disruptor.</summary>
    public ValueEventHandlerGroup<T> And(params IEventProcessor[] processors)
    {
        foreach (var processor in processors)
            _consumers.AddProcessor(processor, isOwned: false);

        return WithSequences(DisruptorUtil.GetSequencesFor(processors).Concat(_sequences));
    }

    /// <summary>Puts handlers behind this group, beside each other.</summary>
    /// <returns>The handlers.</returns>
    public ValueEventHandlerGroup<T> Then(params IValueEventHandler<T>[] handlers) => HandleEventsWith(handlers);

    /// <summary>Puts custom processors behind this group, beside each other.</summary>
    /// <returns>The processors.</returns>
    public ValueEventHandlerGroup<T> Then(params ValueEventProcessorCreator<T>[] eventProcessorFactories)
    {
        return HandleEventsWith(eventProcessorFactories);
    }

    /// <inheritdoc cref="Then(IValueEventHandler{T}[])"/>
    public ValueEventHandlerGroup<T> HandleEventsWith(params IValueEventHandler<T>[] handlers)
    {
        return _disruptor.CreateEventProcessors(_sequences, handlers);
    }

    /// <inheritdoc cref="Then(ValueEventProcessorCreator{T}[])"/>
    public ValueEventHandlerGroup<T> HandleEventsWith(params ValueEventProcessorCreator<T>[] eventProcessorFactories)
    {
        return _disruptor.CreateEventProcessors(_sequences, eventProcessorFactories);
    }

    /// <summary>A barrier behind this group.</summary>
    public SequenceBarrier AsSequenceBarrier()
    {
        return _disruptor.RingBuffer.NewBarrier(SequenceWaiterOwner.Unknown, _sequences);
    }

    private ValueEventHandlerGroup<T> WithSequences(IEnumerable<Sequence> sequences)
    {
        return new ValueEventHandlerGroup<T>(_disruptor, _consumers, sequences);
    }
}
