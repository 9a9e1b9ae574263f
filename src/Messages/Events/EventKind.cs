namespace ExecutionPipeline.Messages.Events;

/// <summary>What a ring event carries: it selects the member of the payload union.</summary>
public enum EventKind : byte
{
    None = 0,
    TradeQualified = 1,
    MarketUpdate = 2,
    ExecutionReport = 3,
    Command = 4,
    Timer = 5,
}
