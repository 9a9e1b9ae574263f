using ExecutionPipeline.Execution.Venues.Routing;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>What is done with a parent order of which something is at a venue that was lost.</summary>
public enum LostVenuePolicy
{
    /// <summary>
    /// What is at the lost venue stays reserved until the venue has told what became of it; the rest goes to others.
    /// </summary>
    RerouteRemaining,

    /// <summary>Nothing more is sent for it before the venue has told.</summary>
    Wait,
}

/// <summary>How routing deals with its venues.</summary>
public sealed record RoutingOptions
{
    /// <summary>
    /// How long a request, or an order that the venue ends at once, may be without its answer before the venue is asked
    /// what became of the order, in milliseconds; after each time that it is asked, twice as long. 0: it is not asked,
    /// but for orders of a venue that was lost and those that it did not know. Default 2,000.
    /// </summary>
    public int AnswerTimeoutMs { get; init; } = 2_000;

    /// <summary>The longest wait between two times that a venue is asked, in milliseconds. Default 60,000.</summary>
    public int AnswerTimeoutMaxMs { get; init; } = 60_000;

    /// <summary>
    /// How old the last word of an order that works may be before the venue is asked whether it still does, in seconds;
    /// for a venue whose reports can be lost unnoticed. 64 orders are looked at each second. Default 0: never.
    /// </summary>
    public int AuditSeconds { get; init; }

    /// <summary>What is done while a venue is lost. Default: what is not there goes elsewhere.</summary>
    public LostVenuePolicy LostVenue { get; init; }

    /// <summary>The venues that orders can be sent to, by their number. Default: one.</summary>
    public IReadOnlyList<RoutedVenueOptions> Venues { get; init; } = [];

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        if (AnswerTimeoutMs < 0 || AnswerTimeoutMaxMs < AnswerTimeoutMs)
            throw new ArgumentException("routing: set AnswerTimeoutMs to 0 or more and at most AnswerTimeoutMaxMs.");
        if (AuditSeconds < 0)
            throw new ArgumentException("routing: set AuditSeconds to 0 or more.");
        if (!Enum.IsDefined(LostVenue))
            throw new ArgumentException("routing: set LostVenue to reroute_remaining or wait.");
        if (Venues.Count > VenueTable.MaxCount)
            throw new ArgumentException($"routing: set Venues to at most {VenueTable.MaxCount}.");
        if (Venues.Any(static v => v.Name == "" || v.LatencyUs < 0)
            || Venues.DistinctBy(static v => v.Name).Count() != Venues.Count)
            throw new ArgumentException(
                "routing: set in Venues for each a name of its own and a latency of 0 or more.");
        if (Venues.Count > 0 && Venues.All(static v => v.IsBackup))
            throw new ArgumentException("routing: set in Venues at least one that is no backup.");
    }
}
