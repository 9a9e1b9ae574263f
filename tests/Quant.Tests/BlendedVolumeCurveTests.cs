namespace ExecutionPipeline.Quant.Tests;

/// <summary>Worked by hand: an average day of 1,000 in buckets of 250, 250 and 500.</summary>
public sealed class BlendedVolumeCurveTests
{
    private BlendedVolumeCurve _curve = null!;

    [SetUp]
    public void SetUp() => _curve = new BlendedVolumeCurve([250, 250, 500]);

    [Test]
    public void ShouldFollowHistoryWhenNothingOfTheDayHasBeenSeen()
    {
        Assert.That(Shares(), Is.EqualTo(new[] { 0, 0.25, 0.5, 1 }));
        Assert.That(_curve.ShareUntil(2.5), Is.EqualTo(0.75));
        Assert.That((_curve.ExpectedVolume, _curve.VolumeBetween(1, 2)), Is.EqualTo((1_000.0, 250.0)));
    }

    [Test]
    public void ShouldExpectMoreWhenTheDayBeganBusier()
    {
        // A quarter is seen with 500: a whole day has 0.75 x 1,000 + 500 = 1,250, and 0.75 of that is to come.
        _curve.AddTrade(0.5, 500);
        _curve.PassTime(1);
        Assert.That(_curve.ExpectedVolume, Is.EqualTo(500 + 937.5).Within(1e-9));
        Assert.That(_curve.ShareUntil(1), Is.EqualTo(500 / 1_437.5).Within(1e-12));
        Assert.That(_curve.ShareUntil(2), Is.EqualTo((500 + 312.5) / 1_437.5).Within(1e-12));
        Assert.That(_curve.ShareUntil(0.5), Is.EqualTo(250 / 1_437.5).Within(1e-12), "even within a bucket");
    }

    [Test]
    public void ShouldGiveTodayMoreWeightWhenMoreOfItHasBeenSeen()
    {
        // Half is seen at the same pace of twice the average: 0.5 x 1,000 + 1,000 = 1,500, and half of that is to come.
        _curve.AddTrade(0.9, 500);
        _curve.AddTrade(1.9, 500);
        _curve.PassTime(2);
        Assert.That(_curve.ExpectedVolume, Is.EqualTo(1_000 + 750).Within(1e-9));
        _curve.AddTrade(2.9, 1_000);
        _curve.PassTime(3);
        Assert.That((_curve.ExpectedVolume, _curve.TodayVolume), Is.EqualTo((2_000.0, 2_000.0)));
        Assert.That(Shares(), Is.EqualTo(new[] { 0, 0.25, 0.5, 1 }));
    }

    [Test]
    public void ShouldSpreadHistoryOverTheRestWhenNothingHasTraded()
    {
        _curve.PassTime(1);
        Assert.That((_curve.ShareUntil(1), _curve.ShareUntil(2)), Is.EqualTo((0.0, 1 / 3.0)).Within(1e-12));
        _curve.AddTrade(1.5, 100);
        _curve.StartDay();
        Assert.That((_curve.TodayVolume, _curve.ShareUntil(1)), Is.EqualTo((0.0, 0.25)));
    }

    [Test]
    public void ShouldNeverFallAndEndAtOneWhenTheDayIsRandom()
    {
        var random = TestSeed.NewRandom();
        var curve = new BlendedVolumeCurve([1, .. Enumerable.Range(1, 77).Select(_ => random.Next(1_000))]);
        for (var position = 0.0; position < 78; position += random.NextDouble())
        {
            curve.AddTrade(position, random.Next(100));
            Assert.That((curve.ShareUntil(0), curve.ShareUntil(78)), Is.EqualTo((0.0, 1.0)));
            var shares = Enumerable.Range(0, 313).Select(i => curve.ShareUntil(i / 4.0)).ToArray();
            Assert.That(shares, Is.Ordered);
            var whole = shares.Zip(shares.Skip(1), (a, b) => b - a).Sum();
            Assert.That(whole, Is.EqualTo(1).Within(1e-12));
        }
    }

    [TestCase(double.NaN, 1.0)]
    [TestCase(-1.0, 2.0)]
    [TestCase(double.PositiveInfinity, 1.0)]
    [TestCase(0.0, 0.0)]
    public void ShouldRefuseHistoryWhenItHasNoVolumes(double first, double second) =>
        Assert.That(() => new BlendedVolumeCurve([first, second]), Throws.ArgumentException);

    private double[] Shares() => [.. Enumerable.Range(0, 4).Select(i => _curve.ShareUntil(i))];
}
