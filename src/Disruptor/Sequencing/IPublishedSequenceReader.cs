namespace ExecutionPipeline.Disruptor;

/// <summary>Tells claimed events from published ones.</summary>
public interface IPublishedSequenceReader
{
    /// <summary>
    /// The highest sequence up to which every event from <paramref name="nextSequence"/> on is published, at most
    /// <paramref name="availableSequence"/>.
    /// </summary>
    /// <returns>At least <paramref name="nextSequence"/> - 1, which means: none yet.</returns>
    long GetHighestPublishedSequence(long nextSequence, long availableSequence);
}
