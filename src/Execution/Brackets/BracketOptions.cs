namespace ExecutionPipeline.Execution.Brackets;

/// <summary>When the exit orders of a trade are sent.</summary>
public enum BracketActivation : byte
{
    /// <summary>With the entry's first fill; they grow with the next ones.</summary>
    EachFill = 0,

    /// <summary>When the entry is filled or has ended.</summary>
    WholeEntry = 1,

    /// <summary>Never: the levels are planned and told, and whoever trades ends the trades.</summary>
    None = 2,
}

/// <summary>How trades are ended by orders of their own.</summary>
public sealed class BracketOptions
{
    private const double HourNs = 3_600e9;

    /// <summary>When stop and target are sent. Default: each_fill, so that no contract is without a stop.</summary>
    public BracketActivation Activation { get; init; } = BracketActivation.EachFill;

    /// <summary>
    /// A trade that has been held for so many hours is closed at the market; 0: never, 8,760 at most. Default 24.
    /// </summary>
    public double TimeOutHours { get; init; } = 24;

    /// <summary>
    /// Milliseconds until an exit is asked for again after the venue refused a request or did not fill an order at the
    /// market; 1 to 60,000. Default 1,000.
    /// </summary>
    public int RetryMs { get; init; } = 1_000;

    /// <summary>
    /// Orders that are sent for a stop or a target which the venue ends by itself, 1 to 100; without a stop after that
    /// the trade is closed at the market. Default 3.
    /// </summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>What a trade may be held for; 0: for ever.</summary>
    internal long HoldingNs => (long)(TimeOutHours * HourNs);

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        if (!(TimeOutHours is >= 0 and <= 8_760))
            throw new ArgumentException("bracket: set TimeOutHours to 0 to 8,760 hours.");
        if (RetryMs is < 1 or > 60_000)
            throw new ArgumentException("bracket: set RetryMs to 1 to 60,000 milliseconds.");
        if (MaxAttempts is < 1 or > 100)
            throw new ArgumentException("bracket: set MaxAttempts to 1 to 100 orders.");
    }
}
