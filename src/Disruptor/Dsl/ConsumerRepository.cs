using ExecutionPipeline.Disruptor.Processing;

namespace ExecutionPipeline.Disruptor.Dsl;

/// <summary>The consumers of a disruptor, in the order of their creation.</summary>
internal sealed class ConsumerRepository
{
    // By identity: a handler may define equality as it likes.
    private readonly Dictionary<object, Consumer> _byHandler = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, Consumer> _bySequence = new(ReferenceEqualityComparer.Instance);
    private readonly List<Consumer> _consumers = [];

    public void AddHandler(IEventProcessor processor, IEventHandler handler, DependentSequenceGroup dependentSequences)
    {
        _byHandler[handler] = Add(new Consumer(processor, dependentSequences, isOwned: true));
    }

    public void AddProcessor(IEventProcessor processor, bool isOwned)
    {
        Add(new Consumer(processor, dependentSequences: null, isOwned));
    }

    /// <exception cref="ArgumentException">The handler has not been added.</exception>
    public IEventProcessor GetEventProcessorFor(IEventHandler handler)
    {
        return _byHandler.TryGetValue(handler, out var consumer)
            ? consumer.Processor
            : throw new ArgumentException($"The event handler {handler} is not processing events.");
    }

    /// <exception cref="ArgumentException">The handler has not been added.</exception>
    public Sequence GetSequenceFor(IEventHandler handler) => GetEventProcessorFor(handler).Sequence;

    public DependentSequenceGroup? GetDependentSequencesFor(IEventHandler handler)
    {
        return _byHandler.TryGetValue(handler, out var consumer) ? consumer.DependentSequences : null;
    }

    /// <summary>Notes that other consumers wait for those with these sequences.</summary>
    public void UnmarkAsEndOfChain(Sequence[] sequences)
    {
        foreach (var sequence in sequences)
        {
            if (_bySequence.TryGetValue(sequence, out var consumer))
                consumer.IsEndOfChain = false;
        }
    }

    /// <summary>Whether a running consumer at the end of a chain has not come to <paramref name="cursor"/>.</summary>
    public bool HasBacklog(long cursor)
    {
        return _consumers.Exists(consumer =>
            consumer.IsEndOfChain && consumer.Processor.Sequence.Value < cursor && consumer.Processor.IsRunning);
    }

    public Task StartAll(TaskScheduler taskScheduler)
    {
        return Task.WhenAll(_consumers.ConvertAll(consumer => consumer.Processor.Start(taskScheduler)));
    }

    public Task HaltAll() => Task.WhenAll(_consumers.ConvertAll(consumer => consumer.Processor.Halt()));

    public void ReleaseAll() => _consumers.ForEach(consumer => consumer.Release());

    private Consumer Add(Consumer consumer)
    {
        _bySequence[consumer.Processor.Sequence] = consumer;
        _consumers.Add(consumer);
        return consumer;
    }
}
