namespace ExecutionPipeline.Disruptor;

/// <summary>
/// Waits with an <see cref="AggressiveSpinWait"/> where the consumer's dependencies are tagged so, and with a
/// <see cref="SpinWait"/> elsewhere: for a chain in which only some consumers are in a hurry.
/// <code>disruptor.GetDependentSequencesFor(handler)!.Tag = HybridSpinWaitStrategy.AggressiveSpinWaitTag;</code>
/// </summary>
public class HybridSpinWaitStrategy : IWaitStrategy
{
    /// <summary>The value of <see cref="DependentSequenceGroup.Tag"/> for consumers in a hurry.</summary>
    public static object AggressiveSpinWaitTag { get; } = new();

    /// <inheritdoc/>
    public bool IsBlockingStrategy => false;

    /// <inheritdoc/>
    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences)
    {
        return new SequenceWaiter(dependentSequences);
    }

    /// <inheritdoc/>
    public void SignalAllWhenBlocking()
    {
    }

    private sealed class SequenceWaiter(DependentSequenceGroup dependentSequences) : NonBlockingSequenceWaiter
    {
        public override SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken)
        {
            return ReferenceEquals(dependentSequences.Tag, AggressiveSpinWaitTag)
                ? dependentSequences.AggressiveSpinWaitFor(sequence, cancellationToken)
                : dependentSequences.SpinWaitFor(sequence, cancellationToken);
        }
    }
}
