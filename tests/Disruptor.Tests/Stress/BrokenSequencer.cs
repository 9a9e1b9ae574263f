namespace ExecutionPipeline.Disruptor.Tests.Stress;

/// <summary>
/// Broken on purpose: <see cref="Fault"/> says how. The suites must find it out, or they would find nothing out.
/// </summary>
internal sealed class BrokenSequencer(ISequencer inner, BrokenSequencer.Fault fault) : ISequencer
{
    public enum Fault
    {
        /// <summary>Producers do not wait for consumers.</summary>
        IgnoresConsumers,

        /// <summary>Events are published when they are claimed, before they are written.</summary>
        PublishesBeforeTheWrite,
    }

    public int BufferSize => inner.BufferSize;

    public long Cursor => inner.Cursor;

    public bool HasAvailableCapacity(int requiredCapacity) => inner.HasAvailableCapacity(requiredCapacity);

    public long GetRemainingCapacity() => inner.GetRemainingCapacity();

    public long Next() => Next(1);

    public long Next(int n)
    {
        var hi = inner.Next(n);
        if (fault == Fault.PublishesBeforeTheWrite)
            inner.Publish(hi - n + 1, hi);

        return hi;
    }

    public bool TryNext(out long sequence) => TryNext(1, out sequence);

    public bool TryNext(int n, out long sequence)
    {
        sequence = Next(n);
        return true;
    }

    public void Publish(long sequence) => inner.Publish(sequence);

    public void Publish(long lo, long hi) => inner.Publish(lo, hi);

    public long GetHighestPublishedSequence(long nextSequence, long availableSequence)
    {
        return inner.GetHighestPublishedSequence(nextSequence, availableSequence);
    }

    public void Claim(long sequence) => inner.Claim(sequence);

    public bool IsAvailable(long sequence) => inner.IsAvailable(sequence);

    public void AddGatingSequences(params Sequence[] gatingSequences)
    {
        if (fault != Fault.IgnoresConsumers)
            inner.AddGatingSequences(gatingSequences);
    }

    public bool RemoveGatingSequence(Sequence sequence) => inner.RemoveGatingSequence(sequence);

    public SequenceBarrier NewBarrier(SequenceWaiterOwner owner, params Sequence[] sequencesToTrack)
    {
        return inner.NewBarrier(owner, sequencesToTrack);
    }

    public long GetMinimumSequence() => inner.GetMinimumSequence();

    public ValueEventPoller<T> NewPoller<T>(IValueDataProvider<T> provider, params Sequence[] gatingSequences)
        where T : struct
    {
        return inner.NewPoller(provider, gatingSequences);
    }
}
