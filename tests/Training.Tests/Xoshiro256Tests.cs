namespace ExecutionPipeline.Training.Tests;

public sealed class Xoshiro256Tests
{
    [Test]
    public void ShouldRepeatItselfOnlyWhenSeedAndStreamAreTheSame()
    {
        var first = Draw(1, 1);
        var again = Draw(1, 1);
        Assert.That(again, Is.EqualTo(first));
        Assert.That(Draw(1, 2), Is.Not.EqualTo(first));
        Assert.That(Draw(2, 1), Is.Not.EqualTo(first));
    }

    [Test]
    public void ShouldFillTheUnitIntervalEvenlyWhenDrawnOften()
    {
        const int draws = 100_000;
        var random = new Xoshiro256(TestSeed.Next(), 0);
        var counts = new int[10];
        for (var i = 0; i < draws; i++) counts[(int)(random.NextUnit() * counts.Length)]++;

        // Six standard deviations of a binomial share of a tenth.
        Assert.That(counts, Has.All.EqualTo(draws / counts.Length).Within(570));
    }

    [Test]
    public void ShouldStayBetweenBoundsWhenDrawn()
    {
        var random = new Xoshiro256(TestSeed.Next(), 0);
        for (var i = 0; i < 10_000; i++)
        {
            Assert.That(random.NextBetween(-2, 3), Is.InRange(-2.0, 3.0));
            Assert.That(random.NextLogBetween(1e-5, 60), Is.InRange(1e-5, 60.0 + 1e-9));
        }
    }

    private static ulong[] Draw(long seed, int stream)
    {
        var random = new Xoshiro256(seed, stream);
        return [random.Next(), random.Next(), random.Next()];
    }
}
