using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests;

/// <summary>What must hold of the stages together.</summary>
[TestFixture]
public class StageChainTests
{
    [Test]
    public void ShouldWriteTheSameWhenSlotsHeldAnythingBefore()
    {
        var seed = TestSeed.NewRandom().Next();
        var clean = new StageRig(instruments: 2);
        var dirty = new StageRig(instruments: 2, garbage: 0xA5);
        var cleanRandom = new Random(seed);
        var dirtyRandom = new Random(seed);
        for (var step = 0; step < 3_000; step++)
        {
            var first = Step(cleanRandom, clean, step);
            var second = Step(dirtyRandom, dirty, step);
            Assert.That(second.Header.Kind, Is.EqualTo(first.Header.Kind));
            AssertSame(first.Portfolio, second.Portfolio, step);
            if (first.Header.Kind == EventKind.MarketUpdate)
                continue;

            if (first.Header.Kind != EventKind.ExecutionReport)
                AssertSame(first.Features, second.Features, step);
            AssertSame(first.Verdict, second.Verdict, step);
            AssertSame(first.Routing, second.Routing, step);
        }

        Assert.That(clean.Routing.Fills, Is.GreaterThan(100));
        Assert.That(dirty.Routing.Fills, Is.EqualTo(clean.Routing.Fills));
    }

    [TestCase(983718696)]
    [TestCase(858718339)]
    [TestCase(2122785403)]
    [TestCase(null)]
    public void ShouldKeepTheBooksWhenTradingIsRandom(int? seed)
    {
        var random = seed is { } known ? new Random(known) : TestSeed.NewRandom();
        var rig = new StageRig(instruments: 2, orders: 4_096, bracket: new BracketOptions());
        var sent = 0;
        var positions = new int[2];
        var fees = 0L;
        for (var step = 0; step < 5_000; step++)
        {
            var e = Step(random, rig, step);
            sent += e.Header.Kind == EventKind.TradeQualified ? 1 : 0;
            if (e.Header.Kind != EventKind.ExecutionReport)
                continue;

            ref readonly var report = ref e.Payload.ExecutionReport;
            positions[report.InstrumentIndex] += report.LastQuantity * (report.Side == Side.Buy ? 1 : -1);
            fees += report.FeeE6;
        }

        rig.Drain();
        for (var instrument = 0; instrument < 2; instrument++)
            rig.Command(CommandKind.CancelAll, instrument, CommandReason.Host);
        rig.Drain();
        foreach (var report in rig.Drained.Select(static e => e.Payload.ExecutionReport))
        {
            positions[report.InstrumentIndex] += report.LastQuantity * (report.Side == Side.Buy ? 1 : -1);
            fees += report.FeeE6;
        }

        var outcomes = Enum.GetValues<RoutingOutcome>().Sum(rig.Routing.CountOf);
        Assert.That(outcomes, Is.GreaterThanOrEqualTo(sent), "each signal ends in exactly one outcome");
        Assert.That(positions, Is.EqualTo(new[] { rig.Portfolio.Position(0), rig.Portfolio.Position(1) }));
        Assert.That(rig.Portfolio.FeesE6, Is.EqualTo(fees));
        Assert.That(
            positions, Is.EqualTo(new[] { rig.Routing.Trades.Position(0), rig.Routing.Trades.Position(1) }));
        Assert.That(positions, Is.EqualTo(new[] { OpenIn(rig, 0), OpenIn(rig, 1) }), "the trades add up");
        Assert.That(rig.Routing.ExitsSent, Is.GreaterThan(100));
        Assert.That(rig.Routing.Orders.WorkingOrders, Is.Zero);
        Assert.That(rig.Risk.PendingQuantity(0), Is.Zero);
        Assert.That(rig.Risk.PendingQuantity(1), Is.Zero);
    }

    private static int OpenIn(StageRig rig, int instrument)
    {
        var trades = rig.Routing.Trades;
        var open = 0;
        foreach (var side in new[] { Side.Buy, Side.Sell })
        {
            for (var slot = trades.FirstOpen(instrument, side); slot >= 0; slot = trades.NextOpen(slot))
                open += trades[slot].SignedOpenQuantity;
        }

        return open;
    }

    private static PipelineEvent Step(Random random, StageRig rig, int step)
    {
        var instrument = step < 2 ? step : random.Next(2);
        rig.TimeNs += random.NextInt64(20 * E9);
        var choice = step < 2 ? 0 : random.Next(10);
        if (choice >= 6 && rig.TryDrainOne(out var report))
            return report;

        switch (choice)
        {
            case 3 or 4 or 5:
                var strategy = (ExecutionStrategy)random.Next(4);
                return rig.Signal((Side)random.Next(3), random.Next(0, 6), instrument, strategy);
            case 9:
                return rig.Command((CommandKind)random.Next(2, 5), instrument);
            default:
                var bid = 5_000 + random.Next(-100, 100) * 0.25;
                return rig.Market(bid, bid + 0.25, random.Next(0, 12), instrument, random.Next(4));
        }
    }

    private static void AssertSame<T>(in T first, in T second, int step)
        where T : struct
    {
        if (!BytesOf(first).SequenceEqual(BytesOf(second)))
            Assert.Fail($"{typeof(T).Name} differs in step {step}: a stage left a byte of the slot's last use.");
    }
}
