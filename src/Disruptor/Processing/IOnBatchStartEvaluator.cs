namespace ExecutionPipeline.Disruptor.Processing;

/// <summary>Whether a handler is told of a batch.</summary>
public interface IOnBatchStartEvaluator
{
    /// <summary>Whether the handler is told of the batch between these two sequences, which may be empty.</summary>
    bool ShouldInvokeOnBatchStart(long availableSequence, long nextSequence);
}
