using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Tests.Support;

/// <summary>What a recorded run is fed with.</summary>
internal interface IEventInput
{
    /// <summary>The time of the last event, nanoseconds since the Unix epoch.</summary>
    long TimeNs { get; }

    /// <summary>Fills in header and payload of the next event.</summary>
    void Next(ref EventHeader header, ref EventPayload payload);

    /// <summary>What comes in place of a report of the venue's, in order.</summary>
    IEnumerable<ExecutionReport> ReportsFor(ExecutionReport report);
}
