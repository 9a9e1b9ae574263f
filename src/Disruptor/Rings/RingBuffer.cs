namespace ExecutionPipeline.Disruptor;

/// <summary>A ring in managed memory, whatever its events are.</summary>
public abstract class RingBuffer : SequencedRing
{
    private protected RingBuffer(ISequencer sequencer, RingSlots slots)
        : base(sequencer, slots.Entries, slots.FirstSlotOffset, slots.SlotBytes)
    {
    }
}
