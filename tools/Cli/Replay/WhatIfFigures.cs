namespace ExecutionPipeline.Cli.Replay;

/// <summary>
/// What a run of a journal's inputs came to. Money is an exact decimal number in the account's currency.
/// </summary>
public sealed record WhatIfOutcome
{
    public required string Name { get; init; }

    /// <summary>Who decided at the start.</summary>
    public required string Policy { get; init; }

    /// <summary>SHA-256 of the configuration.</summary>
    public required string Configuration { get; init; }

    /// <summary>Events through the stages, with the simulated venue's reports and the timers.</summary>
    public required long Events { get; init; }

    public required long Signals { get; init; }

    /// <summary>Inputs that could not be admitted with this configuration.</summary>
    public required long InputsRefused { get; init; }

    /// <summary>What became of the signals and commands.</summary>
    public required IReadOnlyDictionary<string, long> Outcomes { get; init; }

    /// <summary>Signals that risk refused, by the limit; one signal may break several.</summary>
    public required IReadOnlyDictionary<string, long> Refusals { get; init; }

    /// <summary>Decisions that became an order.</summary>
    public required int Orders { get; init; }

    public required long ChildOrders { get; init; }

    public required long ExitOrders { get; init; }

    public required long Fills { get; init; }

    public required long ContractsOrdered { get; init; }

    public required long ContractsExecuted { get; init; }

    /// <summary>
    /// The orders' shortfall without fees, in basis points of the value decided; null: there were no orders.
    /// </summary>
    public required double? CostBps { get; init; }

    /// <summary>The same with fees.</summary>
    public required double? CostWithFeesBps { get; init; }

    public required int Trades { get; init; }

    public required int OpenTrades { get; init; }

    /// <summary>Realised, before fees.</summary>
    public required decimal GrossPnl { get; init; }

    public required decimal Fees { get; init; }

    /// <summary>Realised, after fees.</summary>
    public required decimal NetPnl { get; init; }

    public required decimal MaxDrawdown { get; init; }

    public required string OutboundSha256 { get; init; }
}

/// <summary>Both runs of a what-if.</summary>
public sealed record WhatIfFigures
{
    /// <summary>What a reader must know to read the figures.</summary>
    public const string Meaning =
        "Both runs take the journal's signals, market data and commands at their times, on a virtual clock, and trade "
        + "with the simulated exchange. The recorded fills and the way to the recorded venue play no part, so that the "
        + "base is not the recorded run. The market does not answer to orders, and later signals and commands are as "
        + "recorded, although other outcomes might have led to others. What is open at the journal's end is closed.";

    public int Version { get; init; } = 1;

    public required string Journal { get; init; }

    /// <summary>What the second run has otherwise.</summary>
    public required IReadOnlyList<string> Changes { get; init; }

    public required WhatIfOutcome Base { get; init; }

    public required WhatIfOutcome WhatIf { get; init; }

    /// <summary>Signals with another outcome, quantity or strategy, or that only one run could take.</summary>
    public required long SignalsOtherwise { get; init; }

    /// <summary>The first of them; null: there is none.</summary>
    public required ulong? FirstSignalOtherwise { get; init; }

    /// <summary>As above, for people.</summary>
    public string Note => Meaning;
}
