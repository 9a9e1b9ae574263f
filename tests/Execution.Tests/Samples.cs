using System.Runtime.CompilerServices;
using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Positions;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Tests;

/// <summary>What the tests trade.</summary>
internal static class Samples
{
    public const long E9 = 1_000_000_000;
    public const long TickE9 = E9 / 4;
    public const long StartNs = 1_700_000_000 * E9;

    public static InstrumentTable Table(int count = 2) => new(
        [.. Enumerable.Range(1, count).Select(static i => new InstrumentOptions
        {
            Id = (uint)i,
            Symbol = $"I{i}",
            Multiplier = 25 * (i + 1),
            DailyVolatility = 0.01 * i,
        })]);

    public static Portfolio Portfolio(InstrumentTable instruments, decimal cash = 1_000_000m) =>
        new(instruments, new VarModel(instruments, 0.99), cash, new TradingDayOptions());

    public static long Price(double points) => (long)(points * 4) * TickE9;

    public static MarketUpdate Quote(double bid, int bidQuantity, double ask, int askQuantity) => new()
    {
        BidPriceE9 = Price(bid),
        BidQuantity = bidQuantity,
        AskPriceE9 = Price(ask),
        AskQuantity = askQuantity,
        TradePriceE9 = MarketUpdate.NoPrice,
    };

    private static readonly ConditionalWeakTable<OrderStore, StrongBox<ulong>> LastIds = [];

    /// <summary>Ids from 1 for each store.</summary>
    public static ulong NextOrderId(this OrderStore store) => ++LastIds.GetOrCreateValue(store).Value;

    private static readonly ConditionalWeakTable<OrderStore, ExecutionLedger> Ledgers = [];

    public static ExecutionLedger Ledger() => new(Table(3), new TradingDay(new TradingDayOptions()), 1_024);

    /// <summary>Applies a report as the stages do: resolved by a ledger, one for each store.</summary>
    public static ReportDisposition Apply(
        this OrderStore store, in ExecutionReport report, out int slot, out OrderStatus previous)
    {
        Ledgers.GetValue(store, static _ => Ledger()).Resolve(report, StartNs, Price(100), out var resolution);
        return store.Apply(report, resolution, StartNs, out slot, out previous);
    }

    public static MarketUpdate WithTrade(this MarketUpdate quote, double price, int quantity, Side aggressor)
    {
        quote.TradePriceE9 = Price(price);
        quote.TradeQuantity = quantity;
        quote.Aggressor = aggressor;
        return quote;
    }
}
