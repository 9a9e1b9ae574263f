using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Risk;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>The largest size that keeps every limit is found by few judgements.</summary>
[TestFixture]
public class SizeSearchTests
{
    private const int JudgementsMax = SizeSearch.Parts + 32;

    [Test]
    public void ShouldFindTheLargestOfARowWhenItIsNotBetweenTwoParts()
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < 10_000; round++)
        {
            var lowest = random.Next(1, 1_000);
            var highest = lowest + random.Next(round % 2 == 0 ? 300 : 1_000_000);
            var first = random.Next(1, highest + 1);
            var last = first + (highest - lowest) / SizeSearch.Parts + random.Next(1_000);
            var judged = new int[1];
            var found = SizeSearch.Largest(lowest, highest, new Row(first, last, judged));
            Assert.That(found, Is.EqualTo(last < lowest ? 0 : Math.Min(last, highest)));
            Assert.That(judged[0], Is.LessThanOrEqualTo(JudgementsMax));
        }
    }

    [TestCase(1, 1_000_000)]
    [TestCase(1, 257)]
    [TestCase(5, 5)]
    [TestCase(6, 5)]
    [TestCase(1, 0)]
    public void ShouldEndSoonAndFindNothingWhenNoSizeIsAdmissible(int lowest, int highest)
    {
        var judged = new int[1];
        Assert.That(SizeSearch.Largest(lowest, highest, new Row(2_000_000, 2_000_000, judged)), Is.Zero);
        Assert.That(judged[0], Is.LessThanOrEqualTo(JudgementsMax));
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(123_456)]
    public void ShouldCutAVeryLargeOrderToTheLastContract(int admissible)
    {
        var rig = NewRig(Large with { MaxDailyVar = (admissible + 0.5) * VarOfContract });
        Assert.That(rig.Signal(Side.Buy, 1_000_000).Verdict.ApprovedQuantity, Is.EqualTo(admissible));
    }

    [TestCase(3, 0)]
    [TestCase(3, 2)]
    [TestCase(50_000, 1)]
    public void ShouldCutAVeryLargeOrderToWhatItMayTakeOffAndTurn(int held, int turned)
    {
        var rig = NewRig(Large with { MaxDailyVar = (turned + 0.5) * VarOfContract });
        rig.Report(Bought(held));
        Assert.That(rig.Signal(Side.Sell, 900_000).Verdict.ApprovedQuantity, Is.EqualTo(held + turned));
    }

    [Test]
    public void ShouldCutAVeryLargeOrderToWhatItMayTakeOffWhenNothingMayBeAdded()
    {
        var rig = NewRig(Large with { MinOrderSize = 5 });
        rig.Report(Bought(3));
        rig.Command(CommandKind.Kill);
        Assert.That(rig.Signal(Side.Sell, 900_000).Verdict.ApprovedQuantity, Is.EqualTo(3));
    }

    private static StageRig NewRig(RiskLimits limits)
    {
        var rig = new StageRig(
            limits,
            options:
            [
                new() { Id = 1, Symbol = "I1", Multiplier = 50, MaxPosition = 1_000_000, MaxPrice = 1_000 },
            ]);
        rig.Market(100, 100);
        return rig;
    }

    private static ExecutionReport Bought(int quantity) => new()
    {
        OrderId = 1,
        ExecutionId = 900,
        Kind = ExecutionReportKind.Trade,
        Side = Side.Buy,
        LastQuantity = quantity,
        CumulativeQuantity = quantity,
        LastPriceE9 = Price(100),
    };

    private static double VarOfContract => 50 * 100 * 0.015 * 2.3263478740408408;

    private static RiskLimits Large => Generous with
    {
        MaxPosition = 1_000_000,
        MaxOrderSize = 1_000_000,
        CutToAdmissibleSize = true,
    };

    private readonly struct Row(int first, int last, int[] judged) : ISizeJudge
    {
        public bool IsAdmissible(int size)
        {
            judged[0]++;
            return size >= first && size <= last;
        }
    }
}
