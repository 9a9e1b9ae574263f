namespace ExecutionPipeline.Aeron.Monitoring;

/// <summary>A distinct error of a driver's log.</summary>
/// <param name="Observations">How often it was seen.</param>
/// <param name="FirstSeen">When it was first seen.</param>
/// <param name="LastSeen">When it was last seen.</param>
/// <param name="Text">What the driver wrote about it.</param>
public sealed record ErrorReading(int Observations, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, string Text);
