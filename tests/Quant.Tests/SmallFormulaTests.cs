namespace ExecutionPipeline.Quant.Tests;

[TestFixture]
public class SmallFormulaTests
{
    [TestCase(100, 110, 0)]
    [TestCase(100, 98, 0.02)]
    [TestCase(100, -10, 1.1)]
    [TestCase(0, -1, 1)]
    [TestCase(0, 0, 0)]
    public void ShouldMeasureTheFallWhenEquityMoves(double start, double current, double expected) =>
        Assert.That(Drawdown.FromStart(start, current), Is.EqualTo(expected).Within(1e-12));

    [Test]
    public void ShouldFindTheLargestFallWhenThereAreSeveral() =>
        Assert.That(Drawdown.Maximum([100, 90, 120, 60, 130, 100]), Is.EqualTo(0.5));

    [Test]
    public void ShouldGrowWithTheRootWhenQuantityQuadruples()
    {
        var one = SquareRootImpact.Bps(10, 1e6, 0.01, 300);
        Assert.That(SquareRootImpact.Bps(40, 1e6, 0.01, 300), Is.EqualTo(2 * one).Within(1e-12));
        Assert.That(SquareRootImpact.Bps(0, 1e6, 0.01, 300), Is.Zero);
        Assert.That(SquareRootImpact.Bps(10, 1e6, 0.01, 0), Is.Zero);
    }

    [TestCase(400, 0.95, 20)]
    [TestCase(401, 0.95, 21)]
    [TestCase(10, 0.99, 1)]
    [TestCase(1, 0.5, 1)]
    public void ShouldCountTheTailWhenConfidenceIsGiven(int returns, double confidence, int expected) =>
        Assert.That(HistoricalRisk.TailCount(returns, confidence), Is.EqualTo(expected));

    [Test]
    public void ShouldThrowWhenThereIsNoReturn()
    {
        Assert.That(static () => HistoricalRisk.ExpectedShortfall([], 0.95), Throws.ArgumentException);
        Assert.That(
            static () => HistoricalRisk.ExpectedShortfall(new double[] { 1 }, 1),
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void ShouldFallToZeroWhenTheScheduleIsImpatient()
    {
        var parameters = new AlmgrenChrissParameters(1000, 5, 10, 100, 0.1, 1e-6, 1e-9, 1e3);
        var holdings = new double[11];
        AlmgrenChrissSchedule.Holdings(parameters, holdings);
        Assert.That(holdings, Is.Ordered.Descending);
        Assert.That(holdings, Has.All.Matches<double>(double.IsFinite));
        Assert.That(holdings[^1], Is.Zero);
    }

    [Test]
    public void ShouldThrowWhenTheScheduleIsImpossible()
    {
        var parameters = new AlmgrenChrissParameters(1000, 5, 1, 1, 0.1, 1e-9, 1, 1);
        Assert.That(() => AlmgrenChrissSchedule.Kappa(parameters), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => AlmgrenChrissSchedule.Holdings(parameters, new double[1]),
            Throws.ArgumentException);
    }

    [Test]
    public void ShouldKeepTheBestFillBonusWhenNearlyComplete()
    {
        var full = ExecutionReward.Total(0, 1000, 1, 1, 0, 0.99);
        var most = ExecutionReward.Total(0, 1000, 1, 1, 0, 0.95);
        var poor = ExecutionReward.Total(0, 1000, 1, 1, 0, 0.5);
        Assert.That((full, most, poor), Is.EqualTo((50.0, 35.0, 0.0)));
    }
}
