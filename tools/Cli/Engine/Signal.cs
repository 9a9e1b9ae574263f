using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Cli.Engine;

/// <summary>What a signal says, but for price and times. NaN: left to the pipeline's own state.</summary>
public readonly record struct Signal
{
    public TradeAction Action { get; init; }

    public double Confidence { get; init; }

    public double SynergyStrength { get; init; }

    public double Urgency { get; init; }

    /// <summary>The engine gives its own reading of the market beside the price.</summary>
    public bool HasMarketContext { get; init; }

    /// <summary>Depth at the best levels over its moving average.</summary>
    public double BookDepth { get; init; }

    /// <summary>Volume over its average.</summary>
    public double VolumeIntensity { get; init; }

    /// <summary>One-minute realised volatility as a fraction.</summary>
    public double Volatility { get; init; }

    /// <summary>Average true range in price units.</summary>
    public double Atr { get; init; }

    /// <summary>The engine gives its own reading of the account.</summary>
    public bool HasPortfolio { get; init; }

    /// <summary>Share of the account that is free as margin.</summary>
    public double FreeMargin { get; init; }

    /// <summary>Unrealised profit or loss as a fraction of the account.</summary>
    public double UnrealizedPnl { get; init; }
}
