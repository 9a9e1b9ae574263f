namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>
/// Takes one distinct error of a log: how often, first and last time in ms since the epoch, and its text.
/// </summary>
public delegate void ErrorConsumer(
    int observationCount, long firstObservationTimestamp, long lastObservationTimestamp, string encodedException);
