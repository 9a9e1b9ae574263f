using ExecutionPipeline.Disruptor.Processing;

namespace ExecutionPipeline.Disruptor.Dsl;

/// <summary>A processor and its place in the graph.</summary>
internal sealed class Consumer
{
    private readonly bool _isOwned;

    /// <summary>
    /// Creates a consumer; one that is owned is disposed of with the disruptor, another is only halted.
    /// </summary>
    public Consumer(IEventProcessor processor, DependentSequenceGroup? dependentSequences, bool isOwned)
    {
        Processor = processor;
        DependentSequences = dependentSequences;
        _isOwned = isOwned;
    }

    public IEventProcessor Processor { get; }

    public DependentSequenceGroup? DependentSequences { get; }

    /// <summary>Whether no other consumer waits for this one.</summary>
    public bool IsEndOfChain { get; set; } = true;

    /// <summary>Disposes of the processor, or halts it if it is not the disruptor's own.</summary>
    public void Release()
    {
        if (_isOwned)
            Processor.Dispose();
        else
            Processor.Halt();
    }
}
