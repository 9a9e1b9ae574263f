namespace ExecutionPipeline.Disruptor;

/// <summary>What belongs to pollers of any event type.</summary>
public static class EventPoller
{
    /// <summary>What a poll has found.</summary>
    public enum PollState
    {
        /// <summary>At least one event was handled.</summary>
        Processing,

        /// <summary>Events are published, but a consumer before this poller has not come to them yet.</summary>
        Gating,

        /// <summary>There is no event.</summary>
        Idle,
    }

    /// <summary>Handles a polled event in its slot.</summary>
    /// <returns>Whether the poll should go on to the next event.</returns>
    public delegate bool ValueHandler<T>(ref T data, long sequence, bool endOfBatch)
        where T : struct;

    /// <summary>
    /// Creates a poller behind all of <paramref name="gatingSequences"/>, or behind the cursor when there are none.
    /// </summary>
    public static ValueEventPoller<T> Create<T>(
        IValueDataProvider<T> dataProvider,
        ISequencer sequencer,
        Sequence sequence,
        Sequence cursorSequence,
        params Sequence[] gatingSequences)
        where T : struct
    {
        var dependentSequences = new DependentSequenceGroup(cursorSequence, gatingSequences);
        return new ValueEventPoller<T>(dataProvider, sequencer, sequence, dependentSequences);
    }
}
