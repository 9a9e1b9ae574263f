namespace ExecutionPipeline.Disruptor;

/// <summary>A ring in unmanaged memory, whatever its events are.</summary>
public abstract class UnmanagedRingBuffer : SequencedRing
{
    private protected UnmanagedRingBuffer(ISequencer sequencer, nint pointer, int eventSize, object? memory)
        : base(sequencer, memory, pointer, eventSize)
    {
        if (eventSize < 1)
            throw new ArgumentException("eventSize must not be less than 1");
    }
}
