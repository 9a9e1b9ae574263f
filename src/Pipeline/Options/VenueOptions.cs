namespace ExecutionPipeline.Pipeline.Options;

/// <summary>Where orders go.</summary>
public enum VenueKind
{
    /// <summary>To the simulated exchange, within the pipeline's own threads.</summary>
    Simulated,

    /// <summary>To a venue in another process, over Aeron.</summary>
    Process,
}

/// <summary>The venue, and the link to one in another process.</summary>
public sealed record VenueOptions
{
    /// <summary>Where orders go. Default: simulated.</summary>
    public VenueKind Kind { get; init; } = VenueKind.Simulated;

    /// <summary>Channel of both streams. Default: aeron:ipc.</summary>
    public string Channel { get; init; } = "aeron:ipc";

    /// <summary>Stream of VENUE_REQUEST and of the pipeline's heartbeats. Default: 3001.</summary>
    public int RequestStream { get; init; } = 3001;

    /// <summary>Stream of VENUE_REPORT and of the venue's heartbeats. Default: 3002.</summary>
    public int ReportStream { get; init; } = 3002;

    /// <summary>How often the pipeline sends a heartbeat, in milliseconds. Default: 200.</summary>
    public int HeartbeatMs { get; init; } = 200;

    /// <summary>A venue that has been silent for so long is lost, in milliseconds. Default: 2,000.</summary>
    public int HeartbeatTimeoutMs { get; init; } = 2_000;

    /// <summary>The first wait before a lost venue is tried again, in milliseconds; each one doubles. Default: 100.
    /// </summary>
    public int ReconnectFirstMs { get; init; } = 100;

    /// <summary>The longest such wait, in milliseconds, to which up to a quarter is added. Default: 5,000.</summary>
    public int ReconnectMaxMs { get; init; } = 5_000;

    /// <summary>What is wrong where routing has several venues; null: nothing. A process is one venue.</summary>
    /// <param name="venues">As many as routing has.</param>
    public string? MisfitOf(int venues) => Kind == VenueKind.Process && venues > 1
        ? $"venue.kind is process, which is one venue, and routing.venues has {venues}: leave one, or set kind to "
            + "simulated"
        : null;

    /// <exception cref="ArgumentException">The values contradict each other.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Channel))
            throw new ArgumentException("venue: set Channel, for instance to aeron:ipc");
        if (RequestStream == ReportStream)
            throw new ArgumentException("venue: requests and reports each need a stream of their own");
        if (HeartbeatTimeoutMs <= HeartbeatMs)
            throw new ArgumentException("venue: set HeartbeatTimeoutMs above HeartbeatMs");
        if (ReconnectMaxMs < ReconnectFirstMs)
            throw new ArgumentException("venue: set ReconnectMaxMs to ReconnectFirstMs or more");
    }
}
