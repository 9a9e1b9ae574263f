using ExecutionPipeline.Disruptor.Processing;

namespace ExecutionPipeline.Disruptor.Dsl;

/// <summary>Creates a custom processor in its place in the graph.</summary>
/// <param name="ringBuffer">The ring that the processor reads.</param>
/// <param name="sequenceBarrier">The barrier at which it must wait for each event.</param>
public delegate IEventProcessor ValueEventProcessorCreator<T>(
    IValueRingBuffer<T> ringBuffer,
    SequenceBarrier sequenceBarrier)
    where T : struct;
