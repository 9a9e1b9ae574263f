namespace ExecutionPipeline.Aeron.Monitoring;

/// <summary>A counter of a driver, as it stood when it was read.</summary>
/// <param name="Id">The counter's number.</param>
/// <param name="TypeId">What it counts: one of <see cref="Protocol.AeronCounters"/>, or a client's own.</param>
/// <param name="Value">Its value.</param>
/// <param name="Label">Its label.</param>
public readonly record struct CounterReading(int Id, int TypeId, long Value, string Label);
