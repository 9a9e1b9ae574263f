namespace ExecutionPipeline.Disruptor;

/// <summary>Hands sequences to producers and keeps them from overtaking the consumers by more than the ring.</summary>
public interface ISequencer : ISequenced, ICursored, IPublishedSequenceReader
{
    /// <summary>
    /// Sets the next sequence to claim to the one after <paramref name="sequence"/>. Only for a ring that nobody else
    /// uses yet, as when it is filled from a snapshot.
    /// </summary>
    void Claim(long sequence);

    /// <summary>Whether the event at <paramref name="sequence"/> is published and still in the ring.</summary>
    bool IsAvailable(long sequence);

    /// <summary>
    /// Makes the producers wait for these sequences too, from the current cursor on. May be called while running.
    /// </summary>
    void AddGatingSequences(params Sequence[] gatingSequences);

    /// <summary>Stops waiting for this sequence. May be called while running.</summary>
    /// <returns>Whether the producers were waiting for it.</returns>
    bool RemoveGatingSequence(Sequence sequence);

    /// <summary>
    /// Creates a barrier that waits for all of <paramref name="sequencesToTrack"/>, or for the cursor when there are
    /// none.
    /// </summary>
    SequenceBarrier NewBarrier(SequenceWaiterOwner owner, params Sequence[] sequencesToTrack);

    /// <summary>The lowest gating sequence, or the cursor when there is none.</summary>
    long GetMinimumSequence();

    /// <summary>
    /// Creates a poller over <paramref name="provider"/>'s events, behind all of <paramref name="gatingSequences"/> or
    /// behind the cursor. Its own sequence must be added as a gating sequence for producers to wait for it.
    /// </summary>
    ValueEventPoller<T> NewPoller<T>(IValueDataProvider<T> provider, params Sequence[] gatingSequences)
        where T : struct;
}
