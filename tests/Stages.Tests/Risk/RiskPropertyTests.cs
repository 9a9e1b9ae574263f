using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>Random trading with every limit active, each verdict checked by an independent judge.</summary>
[TestFixture]
public class RiskPropertyTests
{
    private const int Rounds = 20;
    private const int Steps = 1_500;

    [Test]
    public void ShouldJudgeAsTheNaiveCheckWhenTradingIsRandom()
    {
        var random = TestSeed.NewRandom();
        var approved = 0L;
        var seen = RiskViolations.None;
        for (var round = 0; round < Rounds; round++)
        {
            var rig = new StageRig(RandomLimits(random), instruments: 3);
            var check = new NaiveRiskCheck(rig);
            for (var i = 0; i < 3; i++)
                Quote(random, rig, check, i);
            for (var step = 0; step < Steps; step++)
                seen |= Step(random, rig, check);

            approved += rig.Risk.Approved;
            AssertSettled(rig, check);
        }

        Assert.That(approved, Is.GreaterThan(Rounds), "the limits let something through");
        Assert.That(seen & ~RiskViolations.NoMarket, Is.EqualTo(
            RiskViolations.KillSwitch | RiskViolations.OrderSize | RiskViolations.Position | RiskViolations.Notional
            | RiskViolations.DailyVar | RiskViolations.DailyDrawdown | RiskViolations.DailyTradeCount));
    }

    private static RiskViolations Step(Random random, StageRig rig, NaiveRiskCheck check)
    {
        var instrument = random.Next(3);
        switch (random.Next(20))
        {
            case < 4:
                Quote(random, rig, check, instrument);
                return RiskViolations.None;
            case < 10:
                if (rig.TryDrainOne(out var e))
                    check.Hear(e.Payload.ExecutionReport);
                return RiskViolations.None;
            case 10 when random.Next(20) == 0:
                rig.Command(CommandKind.Kill);
                check.IsKilled = true;
                return RiskViolations.None;
            case 11:
                rig.Command(CommandKind.Resume);
                check.IsKilled = false;
                return RiskViolations.None;
            default:
                return Judge(random, rig, check, instrument);
        }
    }

    private static RiskViolations Judge(Random random, StageRig rig, NaiveRiskCheck check, int instrument)
    {
        var side = random.Next(2) == 0 ? Side.Buy : Side.Sell;
        var quantity = random.Next(1, 7);
        var drawdown = rig.Portfolio.DailyDrawdown;
        var expected = check.Judge(instrument, side, quantity, drawdown);
        var e = rig.Signal(side, quantity, instrument, (ExecutionStrategy)random.Next(4));
        Assert.That(e.Verdict.Violations, Is.EqualTo(expected));
        Assert.That(e.Verdict.ApprovedQuantity, Is.EqualTo(expected == RiskViolations.None ? quantity : 0));
        if (expected == RiskViolations.None)
        {
            check.TradesToday++;
            check.Send(e.Routing.OrderId, instrument, side, quantity);
        }

        return expected;
    }

    private static void AssertSettled(StageRig rig, NaiveRiskCheck check)
    {
        while (rig.TryDrainOne(out var e))
            check.Hear(e.Payload.ExecutionReport);

        Assert.That(rig.Routing.Orders.WorkingOrders, Is.Zero);
        for (var i = 0; i < 3; i++)
        {
            Assert.That(rig.Risk.PendingQuantity(i), Is.Zero);
            Assert.That(Math.Abs(rig.Portfolio.Position(i)), Is.LessThanOrEqualTo(rig.Limits.MaxPosition));
        }
    }

    private static void Quote(Random random, StageRig rig, NaiveRiskCheck check, int instrument)
    {
        var bid = 1_000 + random.Next(-100, 101);
        rig.Market(bid, bid + 1, random.Next(1, 8), instrument);
        check.Mark(instrument, bid + 0.5);
    }

    private static RiskLimits RandomLimits(Random random) => new()
    {
        MaxPosition = random.Next(3, 12),
        MaxNotional = random.Next(200, 1_200) * 1_000m,
        MaxDailyVar = random.Next(8_000, 40_000),
        MaxDailyDrawdown = 0.005 + random.NextDouble() * 0.05,
        MaxOrderSize = random.Next(3, 6),
        MaxDailyTrades = random.Next(5, 120),
    };
}
