using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor;

/// <summary>Where a consumer waits for the events that it may process.</summary>
public sealed class SequenceBarrier : ICancellableBarrier, IDisposable
{
    private readonly ISequenceWaiter _sequenceWaiter;

    /// <summary>Creates a barrier over <paramref name="dependentSequences"/>; the barrier owns the waiter.</summary>
    public SequenceBarrier(
        ISequencer sequencer,
        ISequenceWaiter sequenceWaiter,
        DependentSequenceGroup dependentSequences)
    {
        Sequencer = sequencer;
        DependentSequences = dependentSequences;
        _sequenceWaiter = sequenceWaiter;
    }

    /// <summary>What the owner of this barrier must stay behind.</summary>
    public DependentSequenceGroup DependentSequences { get; }

    internal ISequencer Sequencer { get; }

    /// <summary>
    /// Waits until the event at <paramref name="sequence"/> may be processed or the strategy gives up.
    /// </summary>
    /// <returns>
    /// The highest published sequence, which may be above the one asked for. With several producers it may be below:
    /// <paramref name="sequence"/> - 1 while the event is claimed and not yet published.
    /// </returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public SequenceWaitResult WaitForPublishedSequence(long sequence, CancellationToken cancellationToken = default)
    {
        var waitResult = WaitFor(sequence, cancellationToken);
        return waitResult.IsTimeout
            ? waitResult
            : Sequencer.GetHighestPublishedSequence(sequence, waitResult.UnsafeAvailableSequence);
    }

    /// <summary>
    /// Waits until <paramref name="sequence"/> is reached by the dependencies or the strategy gives up.
    /// </summary>
    /// <returns>
    /// The sequence reached, which may be above the one asked for, and which several producers may have claimed and
    /// not yet published: an <see cref="IPublishedSequenceReader"/> tells.
    /// </returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();

        var availableSequence = DependentSequences.Value;
        return availableSequence >= sequence ? availableSequence : WaitWithStrategy(sequence, cancellationToken);
    }

    /// <inheritdoc/>
    public void CancelProcessing() => _sequenceWaiter.Cancel();

    /// <summary>Releases the waiter. Needed only for consumers that leave a running ring.</summary>
    public void Dispose() => _sequenceWaiter.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private SequenceWaitResult WaitWithStrategy(long sequence, CancellationToken cancellationToken)
    {
        return _sequenceWaiter.WaitFor(sequence, cancellationToken);
    }
}
