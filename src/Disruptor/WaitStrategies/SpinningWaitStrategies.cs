using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor;

/// <summary>
/// Reads the sequence over and over. The lowest latency, at the price of a core for each consumer: with more waiting
/// threads than cores it is the slowest strategy of all.
/// </summary>
public sealed class BusySpinWaitStrategy : IWaitStrategy
{
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
        private StreamPause _streamPause;

        public override SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken)
        {
            _streamPause.OnWait(sequence);
            long availableSequence;
            while ((availableSequence = dependentSequences.Value) < sequence)
                cancellationToken.ThrowIfCancellationRequested();

            return availableSequence;
        }
    }
}

/// <summary>
/// Waits with a <see cref="SpinWait"/>: pauses, yields, and comes to sleep for a millisecond at a time.
/// </summary>
public sealed class SpinWaitWaitStrategy : IWaitStrategy
{
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
            return dependentSequences.SpinWaitFor(sequence, cancellationToken);
        }
    }
}

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

/// <summary>
/// A <see cref="SpinWait"/> that never sleeps for a millisecond: it pauses, then gives its time slice away.
/// </summary>
public struct AggressiveSpinWait
{
    internal const int NeverSleepOneMillisecond = -1;

    private SpinWait _spinWait;

    /// <summary>How often <see cref="SpinOnce"/> was called.</summary>
    public readonly int Count => _spinWait.Count;

    /// <summary>Waits a little, longer from call to call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SpinOnce() => _spinWait.SpinOnce(NeverSleepOneMillisecond);
}
