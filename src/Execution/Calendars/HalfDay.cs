namespace ExecutionPipeline.Execution.Calendars;

/// <summary>A trading date on which the session closes at a time of its own.</summary>
public sealed record HalfDay
{
    /// <summary>The local date on which the session closes.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Local time of the close; after the open, at or before the usual close.</summary>
    public required TimeOnly Close { get; init; }
}
