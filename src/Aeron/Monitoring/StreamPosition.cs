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
public sealed record StreamPosition(
    int StreamId,
    int SessionId,
    string Channel,
    long RegistrationId,
    int CounterId,
    int TypeId,
    long Value,
    long AheadBytes);
