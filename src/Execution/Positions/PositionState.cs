using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Positions;

/// <summary>One instrument's position, its mark and the round trip that is open. Money in 1e-6 of currency.</summary>
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

    /// <summary>The round trip from flat to flat; all zero when flat.</summary>
    public OpenTrade Trade;

    internal struct OpenTrade
    {
        public ulong TradeId;
        public long EntryTimeNs;
        public Side Side;
        public int EntryQuantity;
        public int ExitQuantity;

        /// <summary>Sums of price times quantity: a trade scaled in and out all day outgrows 64 bits.</summary>
        public Int128 EntrySumE9;
        public Int128 ExitSumE9;

        public long GrossPnlE6;
        public long FeesE6;
    }
}
