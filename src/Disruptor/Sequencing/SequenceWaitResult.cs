using System.Globalization;

namespace ExecutionPipeline.Disruptor;

/// <summary>What a wait ended with: a sequence that is available, or the strategy's time-out.</summary>
public readonly struct SequenceWaitResult : IEquatable<SequenceWaitResult>
{
    /// <summary>No wait can end with it: consumers wait for 0 and above.</summary>
    private const long TimeoutValue = -3;

    /// <summary>The wait ended because its time was over.</summary>
    public static readonly SequenceWaitResult Timeout = new(TimeoutValue);

    /// <summary>A wait that ended with <paramref name="availableSequence"/>.</summary>
    public SequenceWaitResult(long availableSequence)
    {
        UnsafeAvailableSequence = availableSequence;
    }

    /// <summary>The available sequence, at least the one waited for; null after a time-out.</summary>
    public long? AvailableSequence => IsTimeout ? null : UnsafeAvailableSequence;

    /// <summary>The available sequence. Without meaning after a time-out: see <see cref="IsTimeout"/> first.</summary>
    public long UnsafeAvailableSequence { get; }

    /// <summary>Whether the wait ended because its time was over.</summary>
    public bool IsTimeout => UnsafeAvailableSequence == TimeoutValue;

    public static implicit operator SequenceWaitResult(long availableSequence) => new(availableSequence);

    public static bool operator ==(SequenceWaitResult left, SequenceWaitResult right) => left.Equals(right);

    public static bool operator !=(SequenceWaitResult left, SequenceWaitResult right) => !left.Equals(right);

    public bool Equals(SequenceWaitResult other) => UnsafeAvailableSequence == other.UnsafeAvailableSequence;

    public override bool Equals(object? obj) => obj is SequenceWaitResult other && Equals(other);

    public override int GetHashCode() => UnsafeAvailableSequence.GetHashCode();

    public override string ToString()
    {
        return IsTimeout ? "Timeout" : UnsafeAvailableSequence.ToString(CultureInfo.InvariantCulture);
    }
}
