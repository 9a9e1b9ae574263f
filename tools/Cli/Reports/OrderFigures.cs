namespace ExecutionPipeline.Cli.Reports;

/// <summary>What became of the orders of the measured run.</summary>
public sealed record OrderFigures
{
    public long Filled { get; init; }

    /// <summary>Orders that were filled in part before they ended: they count at their end too.</summary>
    public long PartiallyFilled { get; init; }

    public long Cancelled { get; init; }

    public long Expired { get; init; }

    public long RejectedByVenue { get; init; }

    /// <summary>Contracts executed.</summary>
    public long ContractsFilled { get; init; }

    /// <summary>Trades closed, from flat to flat or by a reversal.</summary>
    public long TradesClosed { get; init; }

    /// <summary>Signed contracts at the end, over all instruments.</summary>
    public long FinalPosition { get; init; }

    /// <summary>Realised profit and loss before fees, in the account's currency, exact.</summary>
    public decimal RealizedPnl { get; init; }

    /// <summary>In the account's currency, exact.</summary>
    public decimal Fees { get; init; }
}
