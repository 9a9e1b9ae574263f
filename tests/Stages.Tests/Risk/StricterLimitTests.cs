using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>A stricter limit never admits more, whichever limit it is, and its violation says so.</summary>
[TestFixture]
public class StricterLimitTests
{
    private static readonly (RiskViolations Violation, Func<double, RiskLimits> Limits)[] Limits =
    [
        (RiskViolations.Position, s => Generous with { MaxPosition = 1 + (int)(s * 60) }),
        (RiskViolations.Notional, s => Generous with { MaxNotional = 1 + (decimal)s * 12_000_000 }),
        (RiskViolations.DailyVar, s => Generous with { MaxDailyVar = 1 + s * 400_000 }),
        (RiskViolations.WeeklyVar, s => Generous with { MaxWeeklyVar = 1 + s * 900_000 }),
        (RiskViolations.ParametricShortfall, s => Generous with { MaxShortfall = 1e-6 + s * 0.4 }),
        (RiskViolations.PositionShare, s => Generous with { MaxPositionShare = 1e-6 + s * 12 }),
        (RiskViolations.SectorShare, s => Generous with { MaxSectorShare = 1e-6 + s * 12 }),
        (RiskViolations.OrderSize, s => Generous with { MaxOrderSize = 1 + (int)(s * 50) }),
        (RiskViolations.OrderValue, s => Generous with { MaxOrderValue = 1 + (decimal)s * 12_000_000 }),
        (RiskViolations.PriceCollar, s => Generous with { PriceCollar = 1e-6 + s * 0.02 }),
    ];

    [TestCase(false)]
    [TestCase(true)]
    public void ShouldNeverAdmitMoreWhenALimitIsStricter(bool isCutting)
    {
        var random = TestSeed.NewRandom();
        foreach (var (violation, limits) in Limits)
        {
            var refused = 0;
            for (var round = 0; round < 40; round++)
            {
                var strictness = random.NextDouble();
                var stricter = strictness * random.NextDouble();
                var quantity = random.Next(1, 50);
                var loose = Admitted(limits(strictness) with { CutToAdmissibleSize = isCutting }, quantity);
                var strict = Admitted(limits(stricter) with { CutToAdmissibleSize = isCutting }, quantity);
                Assert.That(strict.ApprovedQuantity, Is.LessThanOrEqualTo(loose.ApprovedQuantity), $"{violation}");
                Assert.That(strict.Violations & ~violation, Is.EqualTo(RiskViolations.None));
                refused += strict.Violations == violation ? 1 : 0;
            }

            Assert.That(refused, Is.GreaterThan(0), $"{violation} was broken");
        }
    }

    private static RiskVerdict Admitted(RiskLimits limits, int quantity)
    {
        var rig = new StageRig(limits);
        rig.Market(4_949.75, 4_950.25);
        return rig.Signal(Side.Buy, quantity).Verdict;
    }
}
