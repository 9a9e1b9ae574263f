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

/// <summary>The producers' side of a ring: claim a sequence, write the event, publish the sequence.</summary>
public interface ISequenced
{
    /// <summary>Events that the ring holds: a power of two.</summary>
    int BufferSize { get; }

    /// <summary>
    /// Whether <paramref name="requiredCapacity"/> events could be claimed now. Another producer may claim them first.
    /// </summary>
    bool HasAvailableCapacity(int requiredCapacity);

    /// <summary>Events that could be claimed now.</summary>
    long GetRemainingCapacity();

    /// <summary>Claims the next event, spinning while the ring is full.</summary>
    /// <returns>The claimed sequence, which must be published.</returns>
    long Next();

    /// <summary>Claims <paramref name="n"/> events in a row, spinning while there is no room for them.</summary>
    /// <returns>The highest claimed sequence; the lowest is <paramref name="n"/> - 1 below it.</returns>
    /// <exception cref="ArgumentException"><paramref name="n"/> is below 1 or above the ring's size.</exception>
    long Next(int n);

    /// <summary>Claims the next event if there is room for it.</summary>
    /// <returns>False when the ring is full; nothing is claimed then.</returns>
    bool TryNext(out long sequence);

    /// <summary>Claims <paramref name="n"/> events in a row if there is room for all of them.</summary>
    /// <returns>False when there is not; nothing is claimed then.</returns>
    /// <exception cref="ArgumentException"><paramref name="n"/> is below 1 or above the ring's size.</exception>
    bool TryNext(int n, out long sequence);

    /// <summary>Hands the event at <paramref name="sequence"/> to the consumers.</summary>
    void Publish(long sequence);

    /// <summary>Hands the events from <paramref name="lo"/> to <paramref name="hi"/> to the consumers.</summary>
    void Publish(long lo, long hi);
}

/// <summary>Something with a highest claimed or published sequence.</summary>
public interface ICursored
{
    /// <summary>
    /// The highest sequence so far, -1 before the first event. With several producers it may be claimed and not yet
    /// published, so the event there must not be read on the strength of the cursor alone.
    /// </summary>
    long Cursor { get; }
}

/// <summary>Tells claimed events from published ones.</summary>
public interface IPublishedSequenceReader
{
    /// <summary>
    /// The highest sequence up to which every event from <paramref name="nextSequence"/> on is published, at most
    /// <paramref name="availableSequence"/>.
    /// </summary>
    /// <returns>At least <paramref name="nextSequence"/> - 1, which means: none yet.</returns>
    long GetHighestPublishedSequence(long nextSequence, long availableSequence);
}

/// <summary>A barrier whose waits can be ended.</summary>
public interface ICancellableBarrier
{
    /// <summary>Wakes whoever waits, so that it looks at its cancellation token.</summary>
    void CancelProcessing();
}
