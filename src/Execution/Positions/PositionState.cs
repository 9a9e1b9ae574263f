namespace ExecutionPipeline.Execution.Positions;

/// <summary>One instrument's position and its mark. Money in 1e-6 of currency.</summary>
internal struct PositionState
{
    /// <summary>Signed contracts.</summary>
    public int Quantity;

    /// <summary>Signed value paid for <see cref="Quantity"/>: negative for a short.</summary>
    public long CostE6;

    /// <summary><see cref="CostE6"/> as a price; 0 when flat. Kept, as it is asked for with every event.</summary>
    public long AveragePriceE9;

    /// <summary>0 until there is a price.</summary>
    public long MarkPriceE9;

    /// <summary>Signed value of <see cref="Quantity"/> at the mark.</summary>
    public long MarkValueE6;

    public long RealizedPnlE6;
    public long FeesE6;
}
