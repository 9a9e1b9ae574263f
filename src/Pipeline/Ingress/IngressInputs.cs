namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>Where ingress takes events from.</summary>
public sealed class IngressInputs
{
    /// <summary>TRADE_QUALIFIED.</summary>
    public required IMessageSource Signals { get; init; }

    /// <summary>MARKET_UPDATE.</summary>
    public required IMessageSource Market { get; init; }

    /// <summary>COMMAND.</summary>
    public required IMessageSource Commands { get; init; }

    /// <summary>Execution reports, by the threads that report.</summary>
    public required ReportInbox Reports { get; init; }
}
