namespace ExecutionPipeline.Disruptor;

/// <summary>Something with a highest claimed or published sequence.</summary>
public interface ICursored
{
    /// <summary>
    /// The highest sequence so far, -1 before the first event. With several producers it may be claimed and not yet
    /// published, so the event there must not be read on the strength of the cursor alone.
    /// </summary>
    long Cursor { get; }
}
