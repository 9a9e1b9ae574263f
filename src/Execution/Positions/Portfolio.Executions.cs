using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Positions;

/// <summary>How executions change positions, and the round trips that they end.</summary>
public sealed partial class Portfolio
{
    private ulong _lastTradeId;

    /// <summary>
    /// Books an execution. One that goes through flat ends a round trip and opens the next, with the fee shared by
    /// quantity. An instrument that has no mark yet is marked at the execution's price.
    /// </summary>
    /// <param name="instrument">Index.</param>
    /// <param name="side">Bought or sold.</param>
    /// <param name="quantity">Contracts; positive.</param>
    /// <param name="priceE9">On the tick.</param>
    /// <param name="feeE6">Of this execution.</param>
    /// <param name="timeNs">When, by event time.</param>
    /// <param name="closed">The round trip that this execution ended; of id 0 where it ended none.</param>
    public void Execute(
        int instrument,
        Side side,
        int quantity,
        long priceE9,
        long feeE6,
        long timeNs,
        out ClosedTrade closed)
    {
        closed = default;
        ref var position = ref _positions[instrument];
        var signed = side == Side.Buy ? quantity : -quantity;
        var before = position.Quantity;
        FeesE6 += feeE6;
        position.FeesE6 += feeE6;

        var closing = before != 0 && (before ^ signed) < 0 ? Math.Min(quantity, Math.Abs(before)) : 0;
        var opening = quantity - closing;
        var closingFeeE6 = opening == 0 ? feeE6 : ShareOf(feeE6, closing, quantity);
        if (closing > 0)
            Reduce(_instruments[instrument], ref position, closing, priceE9, closingFeeE6);

        if (closing > 0 && position.Quantity == 0)
            EndTrade(ref position, out closed);

        if (opening > 0)
            Increase(_instruments[instrument], ref position, side, opening, priceE9, feeE6 - closingFeeE6, timeNs);

        AfterExecution(instrument, ref position, before, priceE9);
    }

    private void Reduce(Instrument instrument, ref PositionState position, int quantity, long priceE9, long feeE6)
    {
        var held = position.Quantity;
        var sold = held > 0 ? quantity : -quantity;
        var costE6 = ShareOf(position.CostE6, quantity, Math.Abs(held));
        var gainE6 = instrument.ValueE6(priceE9, sold) - costE6;
        position.CostE6 -= costE6;
        position.Quantity = held - sold;
        position.RealizedPnlE6 += gainE6;
        RealizedPnlE6 += gainE6;
        // Unrealised is mark value less cost: what leaves the cost enters it until the revaluation below.
        UnrealizedPnlE6 += costE6;

        ref var trade = ref position.Trade;
        trade.ExitQuantity += quantity;
        trade.ExitSumE9 += (Int128)priceE9 * quantity;
        trade.GrossPnlE6 += gainE6;
        trade.FeesE6 += feeE6;
    }

    private void Increase(
        Instrument instrument,
        ref PositionState position,
        Side side,
        int quantity,
        long priceE9,
        long feeE6,
        long timeNs)
    {
        var signed = side == Side.Buy ? quantity : -quantity;
        var costE6 = instrument.ValueE6(priceE9, signed);
        ref var trade = ref position.Trade;
        if (position.Quantity == 0)
        {
            trade.TradeId = ++_lastTradeId;
            trade.EntryTimeNs = timeNs;
            trade.Side = side;
        }

        position.Quantity += signed;
        position.CostE6 += costE6;
        UnrealizedPnlE6 -= costE6;
        trade.EntryQuantity += quantity;
        trade.EntrySumE9 += (Int128)priceE9 * quantity;
        trade.FeesE6 += feeE6;
    }

    private void EndTrade(ref PositionState position, out ClosedTrade closed)
    {
        ref var trade = ref position.Trade;
        closed = new ClosedTrade
        {
            TradeId = trade.TradeId,
            EntryTimeNs = trade.EntryTimeNs,
            EntryPriceE9 = (long)(trade.EntrySumE9 / trade.EntryQuantity),
            ExitPriceE9 = (long)(trade.ExitSumE9 / trade.ExitQuantity),
            Quantity = trade.ExitQuantity,
            Side = trade.Side,
            GrossPnlE6 = trade.GrossPnlE6,
            FeesE6 = trade.FeesE6,
        };
        trade = default;
        ClosedTrades++;
    }

    private void AfterExecution(int instrument, ref PositionState position, int before, long priceE9)
    {
        position.AveragePriceE9 = _instruments[instrument].PriceOfValueE9(position.CostE6, position.Quantity);
        OpenPositions += (position.Quantity != 0 ? 1 : 0) - (before != 0 ? 1 : 0);
        MarginE6 += (Math.Abs((long)position.Quantity) - Math.Abs((long)before))
            * _instruments[instrument].MarginPerContractE6;
        if (position.MarkPriceE9 == 0)
            position.MarkPriceE9 = priceE9;
        Revalue(instrument, ref position);
    }

    /// <summary>
    /// amount x part / whole without overflow. What rounding leaves stays in the cost, so it is all gone at flat.
    /// </summary>
    private static long ShareOf(long amountE6, int part, int whole)
    {
        var perOne = Math.DivRem(amountE6, whole, out var rest);
        return perOne * part + rest * part / whole;
    }
}
