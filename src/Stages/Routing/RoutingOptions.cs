namespace ExecutionPipeline.Stages.Routing;

/// <summary>How routing deals with its venues.</summary>
public sealed record RoutingOptions
{
    /// <summary>
    /// How long a request, or an order that the venue ends at once, may be without its answer before the venue is asked
    /// what became of the order, in milliseconds; after each time that it is asked, twice as long. 0: it is not asked.
    /// Default 2,000.
    /// </summary>
    public int AnswerTimeoutMs { get; init; } = 2_000;

    /// <summary>The longest wait between two times that a venue is asked, in milliseconds. Default 60,000.</summary>
    public int AnswerTimeoutMaxMs { get; init; } = 60_000;

    /// <summary>
    /// How old the last word of an order that works may be before the venue is asked whether it still does, in seconds;
    /// for a venue whose reports can be lost unnoticed. 64 orders are looked at each second. Default 0: never.
    /// </summary>
    public int AuditSeconds { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        if (AnswerTimeoutMs < 0 || AnswerTimeoutMaxMs < AnswerTimeoutMs)
            throw new ArgumentException("routing: set AnswerTimeoutMs to 0 or more and at most AnswerTimeoutMaxMs.");
        if (AuditSeconds < 0)
            throw new ArgumentException("routing: set AuditSeconds to 0 or more.");
    }
}
