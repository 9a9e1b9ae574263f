using ExecutionPipeline.Execution.Limits;

namespace ExecutionPipeline.Execution.Tests.Limits;

/// <summary>The counts over time and over the latest outcomes, against plain lists.</summary>
[TestFixture]
public class WindowTests
{
    [Test]
    public void ShouldCountWhatIsYoungerThanTheWindowWhenEventsComeAtRandom()
    {
        var random = TestSeed.NewRandom();
        var rate = new EventRate(capacity: 20, windowNs: 1_000);
        var times = new List<long>();
        var nowNs = 0L;
        for (var step = 0; step < 5_000; step++)
        {
            nowNs += random.Next(120);
            var expected = Math.Min(20, times.Count(time => nowNs - time < 1_000));
            Assert.That(rate.CountAt(nowNs), Is.EqualTo(expected));
            if (random.Next(3) == 0)
                continue;

            rate.Add(nowNs);
            times.Add(nowNs);
        }
    }

    [Test]
    public void ShouldForgetTheOldestWhenMoreEventsComeThanItHolds()
    {
        var rate = new EventRate(capacity: 3, windowNs: 10);
        foreach (var timeNs in new long[] { 0, 1, 2, 3, 4 })
            rate.Add(timeNs);
        Assert.That(rate.Count, Is.EqualTo(3), "2, 3 and 4");
        Assert.That(rate.CountAt(11), Is.EqualTo(3));
        Assert.That(rate.CountAt(12), Is.EqualTo(2), "the event of 2 is ten old");
        Assert.That(rate.CountAt(1_000), Is.Zero);
        Assert.That(rate.CountAt(2_000), Is.Zero);
        rate.Add(2_000);
        Assert.That((rate.Count, rate.CountAt(2_009), rate.CountAt(2_010)), Is.EqualTo((1, 1, 0)));
    }

    [Test]
    public void ShouldGiveTheShareOfTheLatestWhenOutcomesComeAtRandom()
    {
        var random = TestSeed.NewRandom();
        var window = new OutcomeWindow(length: 30, minimum: 10);
        var outcomes = new List<bool>();
        for (var step = 0; step < 2_000; step++)
        {
            var latest = outcomes.TakeLast(30).ToArray();
            var expected = latest.Length < 10 ? 0 : latest.Count(static isBad => isBad) / (double)latest.Length;
            Assert.That(window.Share, Is.EqualTo(expected).Within(1e-12));
            outcomes.Add(random.Next(3) == 0);
            window.Add(outcomes[^1]);
            if (random.Next(200) != 0)
                continue;

            window.Clear();
            outcomes.Clear();
        }
    }
}
