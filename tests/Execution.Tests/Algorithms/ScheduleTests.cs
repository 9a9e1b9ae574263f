using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Quant;
using static ExecutionPipeline.Execution.Tests.Algorithms.Options;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Algorithms;

/// <summary>What the schedules are, slice by slice.</summary>
[TestFixture]
public sealed class ScheduleTests
{
    [TestCase(1_000, 3, new[] { 333, 666, 1_000 })]
    [TestCase(10, 10, new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })]
    [TestCase(25, 10, new[] { 2, 5, 7, 10, 12, 15, 17, 20, 22, 25 })]
    [TestCase(3, 10, new[] { 1, 2, 3 })]
    [TestCase(1, 10, new[] { 1 })]
    [TestCase(7, 1, new[] { 7 })]
    public void ShouldPlaceWhatWasWorkedOutByHandWhenATwapHasNoRandomness(int quantity, int slices, int[] expected) =>
        Assert.That(
            TargetsOf(new AlgorithmRig(new TwapAlgorithm(ExactSlices(slices)), quantity)), Is.EqualTo(expected));

    [Test]
    public void ShouldKeepItsTimesWhenATwapHasNoRandomness()
    {
        var rig = new AlgorithmRig(new TwapAlgorithm(Exact), 10);
        rig.RunTo(400);

        Assert.That(rig.Fills.Select(static fill => fill.Seconds), Is.EqualTo(
            Enumerable.Range(0, 10).Select(static slice => slice * 30.0 + 24)));
    }

    [Test]
    public void ShouldPlaceEveryContractOnceWhateverQuantityAndSlices()
    {
        foreach (var slices in new[] { 1, 2, 3, 7, 10, 20, 33, 100 })
        {
            var options = ExactSlices(slices) with { SizeRandomisation = 0.2, TimeRandomisation = 0.3 };
            var twap = new TwapAlgorithm(options);
            for (var quantity = 1; quantity <= 100; quantity++)
            {
                var targets = TargetsOf(new AlgorithmRig(twap, quantity, parentId: (ulong)quantity));

                Assert.That(targets, Is.Ordered, $"{quantity} in {slices}");
                Assert.That(targets, Has.Length.EqualTo(Math.Min(slices, quantity)), $"{quantity} in {slices}");
                Assert.That(targets[^1], Is.EqualTo(quantity), $"{quantity} in {slices}");
            }
        }
    }

    [Test]
    public void ShouldStayWithinTheRandomSharesWhenSlicesAreRandomised()
    {
        var options = ExactSlices(10) with { SizeRandomisation = 0.2, TimeRandomisation = 0.3 };
        var twap = new TwapAlgorithm(options);
        var sizes = new HashSet<int>();
        var lengths = new HashSet<long>();
        for (var id = 1UL; id <= 200; id++)
        {
            var rig = new AlgorithmRig(twap, 1_000, parentId: id);
            var last = 0;
            rig.React();
            while (!rig.IsEnded)
            {
                var planned = (rig.Parent.Slice + 1) * 30.0;
                var endsAfter = (rig.Parent.SliceEndNs - StartNs) / 1e9;
                var size = rig.Parent.SliceTarget - last;
                Assert.That(size, Is.InRange(80, 120), $"parent {id}, slice {rig.Parent.Slice}");
                Assert.That(endsAfter, Is.EqualTo(planned).Within(9.0), $"parent {id}, slice {rig.Parent.Slice}");
                sizes.Add(size);
                lengths.Add(rig.Parent.SliceEndNs - rig.Parent.SliceStartNs);
                last = rig.Parent.SliceTarget;
                var (slice, endNs) = (rig.Parent.Slice, rig.Parent.SliceEndNs);
                while (!rig.IsEnded && rig.Parent.Slice == slice)
                {
                    rig.Market.TimeNs = rig.Target.WakeNs != 0 ? rig.Target.WakeNs : endNs;
                    rig.React();
                }
            }

            Assert.That(last, Is.EqualTo(1_000));
        }

        Assert.That(sizes, Has.Count.GreaterThan(30), "sizes differ");
        Assert.That(lengths, Has.Count.GreaterThan(1_000), "times differ");
    }

    [Test]
    public void ShouldRepeatTheScheduleWhenSeedAndParentAreTheSame()
    {
        var options = new ExecutionOptions();

        var first = Run(options, 3);

        Assert.That(Run(options, 3), Is.EqualTo(first));
        Assert.That(Run(options, 4), Is.Not.EqualTo(first), "another parent");
        Assert.That(Run(options with { Seed = 43 }, 3), Is.Not.EqualTo(first), "another seed");

        static string Run(ExecutionOptions options, ulong parentId)
        {
            var rig = new AlgorithmRig(new TwapAlgorithm(options), 500, parentId: parentId);
            rig.Market.TradedVolume = 1_000_000;
            rig.RunTo(400);
            return string.Join(' ', rig.Fills);
        }
    }

    [TestCase(0f)]
    [TestCase(0.5f)]
    [TestCase(1f)]
    public void ShouldFollowTheClosedFormWhenAShortfallIsScheduled(float urgency)
    {
        var rig = new AlgorithmRig(
            new ImplementationShortfallAlgorithm(Exact), 100_000, urgency: urgency, bid: 4_150);
        var instrument = rig.Market.Instrument;
        // The rule of thumb: a spread for a hundredth of the volume, and one of impact that stays for a tenth.
        var spread = 0.25 * instrument.PointValue;
        var parameters = new AlmgrenChrissParameters(
            Quantity: 100_000,
            HorizonDays: 300.0 / (390 * 60),
            Intervals: 10,
            Volatility: 0.01 * 4_150.125 * instrument.PointValue,
            HalfSpread: spread / 2,
            TemporaryImpact: spread / (0.01 * 1_000_000),
            PermanentImpact: spread / (0.1 * 1_000_000),
            RiskAversion: 1e-7 * Math.Pow(100, urgency));
        var holdings = new double[11];
        AlmgrenChrissSchedule.Holdings(parameters, holdings);

        var targets = TargetsOf(rig);

        for (var slice = 0; slice < 10; slice++)
            Assert.That(targets[slice], Is.EqualTo(100_000 - holdings[slice + 1]).Within(0.51), $"slice {slice}");
    }

    [Test]
    public void ShouldTradeEarlierWhenAShortfallIsMoreUrgent()
    {
        var shortfall = new ImplementationShortfallAlgorithm(Exact);
        var patient = TargetsOf(new AlgorithmRig(shortfall, 1_000, urgency: 0, bid: 4_150));
        var urgent = TargetsOf(new AlgorithmRig(shortfall, 1_000, urgency: 1, bid: 4_150));

        Assert.That(patient[0], Is.GreaterThan(100));
        Assert.That(urgent[0], Is.GreaterThan(200));
        for (var slice = 0; slice < 9; slice++)
            Assert.That(urgent[slice], Is.GreaterThan(patient[slice]));
    }

    [Test]
    public void ShouldFollowTheUsualVolumeWhenAVwapBegins()
    {
        // The first half of the five minutes has three times the volume of the second.
        var buckets = new double[576];
        Array.Fill(buckets, 1);
        var first = (int)(StartNs % 86_400_000_000_000 / 150_000_000_000);
        buckets[first] = 3;
        var curve = new VolumeCurve(buckets, originNs: StartNs % 150_000_000_000);
        var rig = new AlgorithmRig(new VwapAlgorithm(Exact, [curve]), 400);

        Assert.That(rig.Parent.SliceTarget, Is.EqualTo(60).Within(1), "a tenth of the time, three twentieths");
    }

    [Test]
    public void ShouldFollowWhatHasTradedWhenAVwapSeesMoreThanUsual()
    {
        const double UsualInThirtySeconds = 1_000_000 * 30.0 / 86_400;
        var usual = new AlgorithmRig(new VwapAlgorithm(Exact, []), 1_000);
        var early = new AlgorithmRig(new VwapAlgorithm(Exact, []), 1_000);
        foreach (var (rig, factor) in new[] { (usual, 1.0), (early, 3.0) })
        {
            rig.React();
            rig.TradeAtRest(100);
            rig.Market.TimeNs = StartNs + 30 * E9;
            rig.Market.TradedVolume = (long)(factor * UsualInThirtySeconds);
            rig.React();
        }

        Assert.That(usual.Parent.SliceTarget, Is.EqualTo(200).Within(2));
        // 3 of what is usual has traded, and what is to come is expected at twice the usual pace: 5 of 21.
        Assert.That(early.Parent.SliceTarget, Is.EqualTo(1_000 * 5 / 21).Within(2));
    }

    [Test]
    public void ShouldCatchUpByTheAggressionAndNoFasterWhenAVwapIsBehind()
    {
        var options = Exact with { Vwap = Exact.Vwap with { VolumeMatchTolerance = 0.99 } };
        var rig = new AlgorithmRig(new VwapAlgorithm(options, []), 1_000);
        rig.Quote(100, 100.25, 0);
        foreach (var seconds in new[] { 30, 60, 90 })
        {
            rig.RunTo(seconds - 0.001);
            rig.Market.TradedVolume = 1_000_000L * seconds / 86_400;
        }

        rig.RunTo(91);

        // Four slices are due, and nothing could be traded.
        Assert.That(rig.Parent.Executed, Is.Zero);
        Assert.That(rig.Parent.SliceTarget, Is.EqualTo(150).Within(1));
    }

    [Test]
    public void ShouldSpreadVolumeOverMidnightWhenACurveIsAsked()
    {
        const long HourNs = 3_600_000_000_000;
        var curve = new VolumeCurve([1, 2, 3, 4], originNs: 2 * HourNs);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(curve.ShareBetween(2 * HourNs, 8 * HourNs), Is.EqualTo(0.1).Within(1e-12));
            Assert.That(curve.ShareBetween(2 * HourNs, 26 * HourNs), Is.EqualTo(1).Within(1e-12));
            Assert.That(curve.ShareBetween(23 * HourNs, 29 * HourNs), Is.EqualTo(0.2 + 0.05).Within(1e-12));
            Assert.That(curve.ShareBetween(5 * HourNs, 5 * HourNs), Is.Zero);
            Assert.That(VolumeCurve.Even.ShareBetween(0, 6 * HourNs), Is.EqualTo(0.25).Within(1e-12));
        }
    }

    [Test]
    public void ShouldKeepEqualSlicesWhenAVwapExpectsNoVolume()
    {
        const long HourNs = 3_600_000_000_000;
        var afterwards = (StartNs + 6 * HourNs) % (24 * HourNs);
        var curve = new VolumeCurve([1, .. new double[23]], afterwards);
        var rig = new AlgorithmRig(new VwapAlgorithm(Exact, [curve]), 100);
        rig.Market.TradedVolume = 500;
        rig.RunTo(35);

        Assert.That(rig.Parent.SliceTarget, Is.EqualTo(20));
    }

    [TestCase(new double[0])]
    [TestCase(new[] { 0.0, 0.0 })]
    [TestCase(new[] { 1.0, -1.0 })]
    [TestCase(new[] { 1.0, double.NaN })]
    public void ShouldRefuseACurveWithoutVolume(double[] volumes) =>
        Assert.That(() => new VolumeCurve(volumes), Throws.ArgumentException);

    [TestCase(MarketRegime.BullTrending, AlgorithmKind.ImplementationShortfall, 10)]
    [TestCase(MarketRegime.BearTrending, AlgorithmKind.ImplementationShortfall, 10)]
    [TestCase(MarketRegime.SidewaysLow, AlgorithmKind.ImplementationShortfall, 10)]
    [TestCase(MarketRegime.Recovery, AlgorithmKind.ImplementationShortfall, 10)]
    [TestCase(MarketRegime.Crisis, AlgorithmKind.Twap, 20)]
    [TestCase(MarketRegime.SidewaysHigh, AlgorithmKind.Twap, 20)]
    [TestCase((MarketRegime)99, AlgorithmKind.Twap, 10)]
    public void ShouldChooseByTheRegimeWhenItIsAdaptive(MarketRegime regime, AlgorithmKind kind, int slices)
    {
        var rig = new AlgorithmRig(new AdaptiveAlgorithm(Exact), 100, regime: regime);
        Assert.That((rig.Parent.Algorithm, rig.Parent.Slices), Is.EqualTo((kind, slices)));

        rig.RunTo(300);
        Assert.That(rig.Given, Is.Zero);
        Assert.That(rig.Fills, Has.Count.EqualTo(slices));
    }

    [Test]
    public void ShouldEndByTheDeadlineWhenAParentHasOne()
    {
        var twap = new TwapAlgorithm(Exact);
        var parent = new AlgorithmRig(twap, 10).Parent;
        parent.EndNs = StartNs + 60 * E9;
        twap.Plan(ref parent, new AlgorithmRig(twap, 10).Market);

        Assert.That(parent.EndNs, Is.EqualTo(StartNs + 60 * E9));
        Assert.That(parent.SliceEndNs, Is.EqualTo(StartNs + 6 * E9));
    }
}
