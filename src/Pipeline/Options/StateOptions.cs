namespace ExecutionPipeline.Pipeline.Options;

/// <summary>What becomes of the orders that rest at a venue when the pipeline is ended.</summary>
public enum OrdersAtEnd
{
    /// <summary>They are cancelled, and the pipeline ends when the venue has said so.</summary>
    Cancel,

    /// <summary>They stay at the venue.</summary>
    Leave,

    /// <summary>
    /// They are cancelled and every position is closed at the market, and the pipeline ends when it is flat.
    /// </summary>
    Flatten,
}

/// <summary>What outlives the process.</summary>
public sealed class StateOptions
{
    /// <summary>
    /// The file that keeps the kill switch latched over a restart; empty: a restart releases it. Its folder must be
    /// there. Default empty.
    /// </summary>
    public string KillSwitchFile { get; init; } = "";

    /// <summary>
    /// How long after a restart no order that adds risk leaves though a venue has not said what became of the orders,
    /// in milliseconds; 0: however long that takes. Default 30,000.
    /// </summary>
    public int ReconcileTimeoutMs { get; init; } = 30_000;

    /// <summary>What becomes of resting orders and of positions at an ordered end. Default: cancel.</summary>
    public OrdersAtEnd OrdersAtEnd { get; init; } = OrdersAtEnd.Cancel;
}
