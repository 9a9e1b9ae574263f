using ExecutionPipeline.Analysis.Costs;
using ExecutionPipeline.Analysis.Market;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Analysis.Tests;

/// <summary>What the tests analyse.</summary>
internal static class Samples
{
    public const long SecondNs = 1_000_000_000;

    /// <summary>14:00 UTC on Tuesday, 14 November 2023: 09:00 in New York.</summary>
    public const long StartNs = 1_699_970_400 * SecondNs;

    public static readonly Instrument Share = new InstrumentTable(
        [new InstrumentOptions { Id = 1, Symbol = "SPY", TickSize = 0.01m, Multiplier = 1, MaxPrice = 10_000 }])[0];

    public static readonly Instrument Future = new InstrumentTable(
        [new InstrumentOptions { Id = 2, Symbol = "ES", Multiplier = 50 }])[0];

    public static long Price(double points) => (long)Math.Round(points * 1_000_000) * 1_000;

    public static long Money(double amount) => (long)Math.Round(amount * 1_000_000);

    public static long At(double seconds) => StartNs + (long)(seconds * SecondNs);

    public static OrderFill Fill(
        double seconds, int quantity, double price, double fees = 0, string venue = "A") =>
        new(At(seconds), quantity, Price(price), Money(fees), venue);

    public static ExecutedOrder Order(
        Side side,
        int quantity,
        double decision,
        IReadOnlyList<OrderFill> fills,
        double endSeconds = 60,
        ExecutionStrategy strategy = ExecutionStrategy.Immediate,
        ulong id = 1,
        double decidedAt = 0) => new()
        {
            OrderId = id,
            Instrument = Share,
            Side = side,
            Strategy = strategy,
            Quantity = quantity,
            DecisionPriceE9 = Price(decision),
            DecisionTimeNs = At(decidedAt),
            ArrivalTimeNs = At(decidedAt + 1),
            EndTimeNs = At(decidedAt + endSeconds),
            Fills = fills,
        };

    /// <summary>A market whose mid rises by a cent every ten seconds, four cents wide, for five minutes.</summary>
    public static MarketSeries Rising()
    {
        var market = new MarketSeries();
        for (var i = 0; i < 30; i++)
        {
            market.AddQuote(At(10 * i), Price(99.98 + 0.01 * i), Price(100.02 + 0.01 * i));
            market.AddTrade(At(10 * i + 5), Price(100 + 0.01 * i), 100 * (i + 1));
        }

        return market;
    }

    /// <summary>Random orders over that market.</summary>
    public static IReadOnlyList<ExecutedOrder> Random(Random random, int count) =>
    [
        .. Enumerable.Range(1, count).Select(id =>
        {
            var at = random.NextDouble() * 200;
            var fills = Enumerable.Range(0, random.Next(0, 6))
                .Select(_ => Fill(
                    at + 1 + random.NextDouble() * 50,
                    random.Next(1, 200),
                    100 + Math.Round(random.NextDouble(), 2),
                    Math.Round(random.NextDouble(), 6),
                    random.Next(2) == 0 ? "A" : "B"))
                .OrderBy(static fill => fill.TimeNs)
                .ToArray();
            return Order(
                (Side)random.Next(1, 3),
                fills.Sum(static fill => fill.Quantity) + random.Next(1, 300),
                100 + Math.Round(random.NextDouble(), 2),
                fills,
                strategy: (ExecutionStrategy)random.Next(6),
                id: (ulong)id,
                decidedAt: at);
        }),
    ];
}
