namespace ExecutionPipeline.Disruptor.Processing;

/// <summary>Where a batch ends that could be longer.</summary>
public interface IBatchSizeLimiter
{
    /// <summary>
    /// The last sequence of the batch that starts at <paramref name="nextSequence"/>, at most
    /// <paramref name="availableSequence"/>.
    /// </summary>
    long ApplyMaxBatchSize(long availableSequence, long nextSequence);
}
