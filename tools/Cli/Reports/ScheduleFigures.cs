namespace ExecutionPipeline.Cli.Reports;

/// <summary>How the same decisions were executed by each strategy, on a virtual clock and a generated market.</summary>
public sealed record ScheduleFigures
{
    /// <summary>How long the market lasted, by its own clock.</summary>
    public required long Minutes { get; init; }

    /// <summary>For each strategy.</summary>
    public required int Signals { get; init; }

    public required IReadOnlyList<ScheduledStrategy> ByStrategy { get; init; }
}

/// <summary>What one strategy made of the decisions, and how their trades ended.</summary>
public sealed record ScheduledStrategy : StrategyFigures
{
    /// <summary>Stop, target and closing orders that were sent for the trades.</summary>
    public long Exits { get; init; }

    /// <summary>Trades that closed.</summary>
    public long Trades { get; init; }

    /// <summary>The same by what ended them.</summary>
    public required IReadOnlyDictionary<string, long> ExitReasons { get; init; }
}
