using System.Numerics;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Tests.Trades;

/// <summary>The trades as lists, with every price that each one has seen and integers of any size.</summary>
internal sealed class NaiveTradeBook(InstrumentTable instruments)
{
    private readonly List<NaiveTrade> _open = [];
    private ulong _lastId;

    /// <summary>What all executions paid (negative: received), and their fees.</summary>
    public BigInteger PaidE6 { get; private set; }

    public BigInteger FeesE6 { get; private set; }

    public List<NaiveTrade> All { get; } = [];

    public IReadOnlyList<NaiveTrade> Open => _open;

    public BigInteger Position(int instrument) => _open.Where(t => t.Instrument == instrument).Aggregate(
        BigInteger.Zero, static (sum, t) => sum + t.Sign * t.OpenQuantity);

    public void OnPrice(int instrument, long priceE9)
    {
        foreach (var trade in _open.Where(t => t.Instrument == instrument))
            trade.See(priceE9);
    }

    public void BookEntry(in TradeExecution execution, in TradeOrigin origin)
    {
        var left = execution.Quantity;
        foreach (var trade in _open.ToArray())
        {
            if (trade.Instrument != execution.InstrumentIndex || trade.Side == execution.Side || left == 0)
                continue;

            var part = Math.Min(left, trade.OpenQuantity);
            Exit(trade, execution, execution.Quantity - left, part, origin.ExitReason);
            left -= part;
        }

        Enter(execution, left, origin.ParentId, origin.SignalId, 0);
        Pay(execution);
    }

    public int BookExit(in TradeExecution execution, ulong tradeId, ExitReason reason)
    {
        var side = execution.Side;
        var trade = _open.Find(t => t.Id == tradeId && t.Side != side);
        var part = Math.Min(execution.Quantity, trade?.OpenQuantity ?? 0);
        if (part > 0)
            Exit(trade!, execution, 0, part, reason);

        Enter(execution, execution.Quantity - part, 0, 0, tradeId);
        Pay(execution);
        return execution.Quantity - part;
    }

    private void Exit(NaiveTrade trade, in TradeExecution execution, int before, int part, ExitReason reason)
    {
        trade.See(execution.PriceE9);
        trade.ExitQuantity += part;
        trade.ExitSumE9 += (BigInteger)execution.PriceE9 * part;
        trade.ExitValueE6 += Share(ValueE6(execution), before, part, execution.Quantity);
        trade.ExitFeesE6 += Share(execution.FeeE6, before, part, execution.Quantity);
        trade.ExitReason = reason;
        trade.LastExitNs = execution.TimeNs;
        if (trade.OpenQuantity == 0)
            _open.Remove(trade);
    }

    private void Enter(in TradeExecution execution, int quantity, ulong parentId, ulong signalId, ulong repairOf)
    {
        if (quantity == 0)
            return;

        var trade = FindFor(execution, parentId, repairOf);
        if (trade is null)
        {
            trade = new NaiveTrade(
                ++_lastId, execution.InstrumentIndex, execution.Side, parentId, signalId, repairOf, execution.TimeNs);
            _open.Add(trade);
            All.Add(trade);
        }

        trade.See(execution.PriceE9);
        var before = execution.Quantity - quantity;
        trade.EntryQuantity += quantity;
        trade.EntrySumE9 += (BigInteger)execution.PriceE9 * quantity;
        trade.EntryValueE6 += Share(ValueE6(execution), before, quantity, execution.Quantity);
        trade.EntryFeesE6 += Share(execution.FeeE6, before, quantity, execution.Quantity);
    }

    private NaiveTrade? FindFor(TradeExecution execution, ulong parentId, ulong repairOf)
    {
        if (parentId != 0)
            return _open.Find(t => t.ParentId == parentId);

        var youngest = _open.FindLast(t => t.Instrument == execution.InstrumentIndex && t.Side == execution.Side);
        return youngest is { ParentId: 0 } && youngest.RepairOf == repairOf ? youngest : null;
    }

    private void Pay(in TradeExecution execution)
    {
        PaidE6 += (execution.Side == Side.Buy ? 1 : -1) * ValueE6(execution);
        FeesE6 += execution.FeeE6;
    }

    private BigInteger ValueE6(in TradeExecution execution) =>
        instruments[execution.InstrumentIndex].ValueE6(execution.PriceE9, execution.Quantity);

    /// <summary>What is due to the contracts up to the part's end, less what was due before it.</summary>
    private static BigInteger Share(BigInteger amount, int before, int part, int whole) =>
        amount * (before + part) / whole - amount * before / whole;
}

/// <summary>One trade of the list.</summary>
internal sealed class NaiveTrade(
    ulong id, int instrument, Side side, ulong parentId, ulong signalId, ulong repairOf, long firstEntryNs)
{
    private readonly List<long> _seen = [];

    public ulong Id => id;
    public int Instrument => instrument;
    public Side Side => side;
    public ulong ParentId => parentId;
    public ulong SignalId => signalId;
    public ulong RepairOf => repairOf;
    public long FirstEntryNs => firstEntryNs;
    public int Sign => side == Side.Buy ? 1 : -1;
    public int EntryQuantity { get; set; }
    public int ExitQuantity { get; set; }
    public int OpenQuantity => EntryQuantity - ExitQuantity;
    public BigInteger EntrySumE9 { get; set; }
    public BigInteger ExitSumE9 { get; set; }
    public BigInteger EntryValueE6 { get; set; }
    public BigInteger ExitValueE6 { get; set; }
    public BigInteger EntryFeesE6 { get; set; }
    public BigInteger ExitFeesE6 { get; set; }
    public ExitReason ExitReason { get; set; }
    public long LastExitNs { get; set; }
    public long HighE9 => _seen.Max();
    public long LowE9 => _seen.Min();

    public void See(long priceE9) => _seen.Add(priceE9);
}
