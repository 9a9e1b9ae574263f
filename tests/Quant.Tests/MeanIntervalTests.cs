namespace ExecutionPipeline.Quant.Tests;

/// <summary>Means and their intervals.</summary>
public sealed class MeanIntervalTests
{
    [Test]
    public void ShouldWidenByStudentsQuantileWhenThereAreFewValues()
    {
        // t(0.975; 3) = 3.18245 from the tables; the standard deviation of 1, 2, 3, 4 is 1.29099.
        var interval = MeanInterval.Of([1, 2, 3, 4]);

        Assert.That(interval.Mean, Is.EqualTo(2.5));
        Assert.That(interval.HalfWidth, Is.EqualTo(3.18245 * 1.29099 / 2).Within(1e-4));
    }

    [Test]
    public void ShouldHoldTheTrueMeanInNineteenOfTwentySamples()
    {
        var random = new Random(5);
        var held = Enumerable.Range(0, 4_000).Count(_ =>
        {
            var interval = MeanInterval.Of([.. Enumerable.Range(0, 6).Select(_ => random.NextDouble())]);
            return Math.Abs(interval.Mean - 0.5) <= interval.HalfWidth;
        });

        Assert.That(held / 4_000.0, Is.InRange(0.93, 0.97));
    }

    [Test]
    public void ShouldNotInventAWidthWhenThereIsOneValue()
    {
        Assert.That(MeanInterval.Of([7.0]).HalfWidth, Is.NaN);
        Assert.That(() => MeanInterval.Of([]), Throws.ArgumentException);
    }
}
