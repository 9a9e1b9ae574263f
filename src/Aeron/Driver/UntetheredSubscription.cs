using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>A subscription that is dropped when it falls behind, and where it stands in that.</summary>
internal sealed class UntetheredSubscription(SubscriptionLink link, UnsafeBufferPosition position, long nowNs)
{
    private long _furthest = position.GetVolatile();

    public enum Stage
    {
        /// <summary>It keeps up, or not for long enough.</summary>
        Active,

        /// <summary>It was told that its image is gone, and may still be reading.</summary>
        Linger,

        /// <summary>It is left out, until it joins again.</summary>
        Resting,
    }

    public SubscriptionLink Link { get; } = link;

    public UnsafeBufferPosition Position { get; } = position;

    public Stage State { get; private set; }

    public long TimeOfLastUpdateNs { get; set; } = nowNs;

    /// <summary>Notes where it is; false where it has been that far before.</summary>
    public bool TryReach(long position)
    {
        if (position <= _furthest)
            return false;

        _furthest = position;
        return true;
    }

    public void MoveTo(Stage stage, long nowNs)
    {
        State = stage;
        TimeOfLastUpdateNs = nowNs;
    }
}
