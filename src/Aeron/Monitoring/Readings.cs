namespace ExecutionPipeline.Aeron.Monitoring;

/// <summary>How far one party of a stream is.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="SessionId">The publication's session.</param>
/// <param name="Channel">The party's channel, cut off where a counter's key ends.</param>
/// <param name="RegistrationId">The party's registration.</param>
/// <param name="CounterId">The counter that holds the position.</param>
/// <param name="TypeId">What kind of position it is: one of <see cref="Protocol.AeronCounters"/>.</param>
/// <param name="Value">The position, in bytes since the stream began.</param>
/// <param name="AheadBytes">
/// How far it is ahead of what has been published, or received: a limit's window, or a subscriber's lag when negative.
/// </param>
/// <param name="OwnerId">The client whose stream it is.</param>
public sealed record StreamPosition(
    int StreamId,
    int SessionId,
    string Channel,
    long RegistrationId,
    int CounterId,
    int TypeId,
    long Value,
    long AheadBytes,
    long OwnerId);

/// <summary>A counter of a driver, as it stood when it was read.</summary>
/// <param name="Id">The counter's number.</param>
/// <param name="TypeId">What it counts: one of <see cref="Protocol.AeronCounters"/>, or a client's own.</param>
/// <param name="Value">Its value.</param>
/// <param name="Label">Its label.</param>
public readonly record struct CounterReading(int Id, int TypeId, long Value, string Label);

/// <summary>A counter whose key begins with two 32-bit numbers, as it stood when it was read.</summary>
/// <param name="OwnerId">The client whose counter it is.</param>
/// <param name="First">The key's first number.</param>
/// <param name="Second">The key's second number.</param>
/// <param name="Value">Its value.</param>
/// <param name="Label">Its label.</param>
public readonly record struct KeyedReading(long OwnerId, int First, int Second, long Value, string Label);

/// <summary>A distinct error of a driver's log.</summary>
/// <param name="Observations">How often it was seen.</param>
/// <param name="FirstSeen">When it was first seen.</param>
/// <param name="LastSeen">When it was last seen.</param>
/// <param name="Text">What the driver wrote about it.</param>
public sealed record ErrorReading(int Observations, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, string Text);
