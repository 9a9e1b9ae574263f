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

    /// <summary>A command that concerns who decides; see <see cref="CommandKind.DeployModel"/>.</summary>
    Model = 6,
}
