using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor;

/// <summary>
/// The sequences that a consumer must stay behind: those of the consumers before it, or the cursor when it is the
/// first.
/// </summary>
public class DependentSequenceGroup
{
    private readonly Sequence _cursor;
    private readonly Sequence _first;

    // Nearly every consumer has one dependency, so that one is kept apart and costs no loop.
    private readonly Sequence[] _others;

    /// <summary>
    /// Creates a group behind <paramref name="dependencies"/>, or behind the cursor when there are none.
    /// </summary>
    public DependentSequenceGroup(Sequence cursor, params Sequence[] dependencies)
    {
        _cursor = cursor;
        _first = dependencies.Length == 0 ? cursor : dependencies[0];
        _others = dependencies.Length <= 1 ? [] : dependencies[1..];
    }

    /// <summary>Whether the cursor is all that this group waits for: its owner is a first consumer.</summary>
    public bool DependsOnCursor => _others.Length == 0 && ReferenceEquals(_first, _cursor);

    /// <summary>Sequences that this group waits for, the cursor counted when it is the only one.</summary>
    public int DependentSequenceCount => _others.Length + 1;

    /// <summary>The ring's cursor.</summary>
    public long CursorValue
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _cursor.Value;
    }

    /// <summary>The lowest of the sequences: up to it, the group's owner may go.</summary>
    public long Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => DisruptorUtil.GetMinimumSequence(_others, _first.Value);
    }

    /// <summary>Anything that a wait strategy is to know of this group.</summary>
    public object? Tag { get; set; }

    /// <summary>Whether the other group has the same cursor and the same sequences in the same order.</summary>
    public bool HasSameDependencies(DependentSequenceGroup dependentSequenceGroup)
    {
        return ReferenceEquals(_cursor, dependentSequenceGroup._cursor)
               && ReferenceEquals(_first, dependentSequenceGroup._first)
               && _others.AsSpan().SequenceEqual(dependentSequenceGroup._others);
    }

    /// <summary>
    /// Waits for <paramref name="expectedValue"/>, spinning and giving up time slices, never sleeping.
    /// </summary>
    /// <returns>The group's value, at least the expected one.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long AggressiveSpinWaitFor(long expectedValue, CancellationToken cancellationToken)
    {
        var availableSequence = Value;
        return availableSequence >= expectedValue
            ? availableSequence
            : SpinUntil(expectedValue, isSleeping: false, cancellationToken);
    }

    /// <summary>
    /// Waits for <paramref name="expectedValue"/> with a <see cref="SpinWait"/>, which comes to sleep.
    /// </summary>
    /// <returns>The group's value, at least the expected one.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long SpinWaitFor(long expectedValue, CancellationToken cancellationToken)
    {
        var availableSequence = Value;
        return availableSequence >= expectedValue
            ? availableSequence
            : SpinUntil(expectedValue, isSleeping: true, cancellationToken);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long SpinUntil(long expectedValue, bool isSleeping, CancellationToken cancellationToken)
    {
        var spinWait = new SpinWait();
        long availableSequence;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (isSleeping)
                spinWait.SpinOnce();
            else
                spinWait.SpinOnce(AggressiveSpinWait.NeverSleepOneMillisecond);

            availableSequence = Value;
        }
        while (availableSequence < expectedValue);

        return availableSequence;
    }
}
