using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Positions;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.State;

/// <summary>
/// What was saved and loaded is what was saved, in every field: whatever a class forgets to pass is found, for the
/// comparison knows nothing of what it passes.
/// </summary>
[TestFixture]
public sealed class FieldStateTests
{
    private const int Many = 200;
    private const long MinuteNs = 60 * E9;

    private static readonly Dictionary<string, string> NoState = new()
    {
        ["ScenarioRisk._worst"] = "is filled before it is read",
        ["ExecutionLedger._day"] = "is the account's, and passes with it",
    };

    private static IEnumerable<TestCaseData> Used()
    {
        yield return Case(static () => new CircuitBreaker(60, 3), static breaker =>
        {
            breaker.TryObserve(isBad: true, StartNs);
            breaker.TryRecover(StartNs + 61 * E9);
            breaker.CountProbe();
            breaker.TryObserve(isBad: false, StartNs + 62 * E9);
        });
        yield return Case(static () => new OutcomeWindow(7, 3), static window =>
        {
            for (var i = 0; i < 10; i++)
                window.Add(i % 3 == 0);
        });
        yield return Case(static () => new EventRate(7, E9), static rate =>
        {
            for (var i = 0; i < 10; i++)
                rate.Add(StartNs + i * E9 / 5);
        });
        yield return Case(
            static () => new EwmaVolatility(new VolatilityEstimate(0.94, 390), 0.01),
            static volatility =>
            {
                for (var i = 0; i < 10; i++)
                    volatility.TryAdd(Price(100 + i % 3), StartNs + i * MinuteNs);
            });
        yield return Case(
            static () => new ExposureRisk(new VarModel(Table(), 0.99, [], new VolatilityEstimate(0.94, 390))),
            static risk =>
            {
                for (var i = 0; i < 10; i++)
                {
                    risk.TryObserve(i % 2, Price(100 + i % 3), StartNs + i * MinuteNs);
                    risk.Set(i % 2, 1_000 * i);
                }
            });
        yield return Case(static () => new ScenarioRisk(new ScenarioModel(Table(), 0.75, History())), static risk =>
        {
            risk.Set(0, 5_000);
            risk.Set(1, -7_000);
        });
        yield return Case(static () => Portfolio(Table()), static portfolio =>
        {
            portfolio.TryStartDay(StartNs);
            portfolio.Mark(0, Price(100), StartNs);
            portfolio.Execute(0, Side.Buy, 3, Price(100), 5_000_000);
            portfolio.Mark(0, Price(101), StartNs + MinuteNs);
            portfolio.Execute(0, Side.Sell, 2, Price(102), 5_000_000);
            portfolio.TryStartDay(StartNs + 30 * 60 * MinuteNs);
            portfolio.Mark(1, Price(50), StartNs + 30 * 60 * MinuteNs);
        });
        yield return Case(static () => new RecentExecutions(16), static executions =>
        {
            for (var i = 1UL; i <= 20; i++)
                executions.Add(new ExecutionKey(i, i, 1, 0));
        });
        yield return Case(
            static () => new ExecutionLedger(Table(), new TradingDay(new TradingDayOptions()), 64, 128), Resolve);
        yield return Case(static () => new ParentStore(2, 64), static parents =>
        {
            for (var id = 1UL; id <= 40; id++)
            {
                var place = parents.Add(id, (int)(id % 2), (int)(id % 3));
                parents[place].Quantity = (int)id;
                if (id % 4 == 0)
                    parents.End(place);
            }
        });
        yield return Case(static () => new OrderStore(2, 64, remembered: 8), Trade);
    }

    [TestCaseSource(nameof(Used))]
    public void ShouldHoldTheSameInEveryFieldWhenLoaded(Func<IStateful> open, Action<IStateful> use)
    {
        var saved = open();
        use(saved);
        Assert.That(ObjectGraph.Compare(saved, open(), NoState), Is.Not.Empty, "it was used");
        foreach (var (owner, _, field) in ObjectGraph.Variables(saved, open(), NoState).ToList())
        {
            // What this use has left as it was at the start is to be passed, too.
            if (!field.Name.EndsWith(">P", StringComparison.Ordinal))
                field.SetValue(owner, ObjectGraph.Another(field.GetValue(owner)!));
        }

        var state = StateStream.ForWriting();
        saved.Transfer(state);
        var loaded = open();
        loaded.Transfer(StateStream.ForReading(state.Written));

        Assert.That(ObjectGraph.Compare(saved, loaded, NoState), Is.Empty);
    }

    private static TestCaseData Case<T>(Func<T> open, Action<T> use)
        where T : IStateful =>
        new TestCaseData((Func<IStateful>)(() => open()), (Action<IStateful>)(one => use((T)one)))
            .SetArgDisplayNames(typeof(T).Name);

    private static InstrumentReturns[] History() =>
        [.. Enumerable.Range(1, 2).Select(static i => new InstrumentReturns
        {
            Instrument = (uint)i,
            DailyReturns = [.. Enumerable.Range(1, 40).Select(day => Math.Sin(day * i) / 100)],
        })];

    private static void Resolve(ExecutionLedger ledger)
    {
        for (var id = 1UL; id <= Many; id++)
        {
            var report = new ExecutionReport
            {
                OrderId = OrderIds.Of(0, id),
                ExecutionId = id,
                Kind = id % 5 == 0 ? ExecutionReportKind.Cancelled : ExecutionReportKind.Trade,
                Side = Side.Buy,
                LastQuantity = 2,
                LastPriceE9 = Price(100),
                OrderQuantity = 2,
                // Of every seventh an execution was missed, and one has executed more than was ordered.
                CumulativeQuantity = id % 7 == 0 ? 3 : 2,
            };
            ledger.Resolve(report, StartNs, Price(100), out _);
            ledger.Resolve(report, StartNs, Price(100), out _);
        }
    }

    private static void Trade(OrderStore store)
    {
        for (var id = 1UL; id <= 40; id++)
        {
            var order = new Order
            {
                OrderId = id,
                InstrumentIndex = (int)(id % 2),
                Side = id % 3 == 0 ? Side.Sell : Side.Buy,
                Type = OrderType.Limit,
                TimeInForce = TimeInForce.GoodTillCancel,
                Quantity = 5,
                LimitPriceE9 = Price(100),
            };
            Assert.That(store.TryAdd(order, out var slot));
            if (id % 2 == 0)
                store.Apply(Told(id, ExecutionReportKind.New), out _, out _);
            if (id % 5 == 0)
                store.TryRequestReplace(slot, new OrderTerms(7, Price(99), 0), StartNs);
            if (id % 8 == 0)
                store.TryRequestCancel(slot, StartNs);
            if (id % 4 == 3)
                store.Apply(Told(id, ExecutionReportKind.Cancelled), out _, out _);
        }
    }

    private static ExecutionReport Told(ulong id, ExecutionReportKind kind) => new()
    {
        OrderId = id,
        Kind = kind,
        InstrumentIndex = (int)(id % 2),
        Side = id % 3 == 0 ? Side.Sell : Side.Buy,
        OrderQuantity = 5,
    };
}
