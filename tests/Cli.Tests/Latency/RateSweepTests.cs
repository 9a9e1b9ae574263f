using ExecutionPipeline.Cli.Latency;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Cli.Tests.CommandLine;
using ExecutionPipeline.Cli.Tests.Demo;

namespace ExecutionPipeline.Cli.Tests.Latency;

public sealed class RateSweepTests
{
    [TestCase(123_456)]
    [TestCase(20_000)]
    [TestCase(999_999)]
    public async Task ShouldComeWithinFivePercentWhenThereIsAHighestRate(double highest)
    {
        var (best, points) = await RateSweep.FindAsync(
            new RateSweepOptions(), rate => PointAsync(rate, rate <= highest));

        Assert.That(best, Is.InRange(highest / 1.05, highest));
        Assert.That(points, Has.Count.LessThan(20));
    }

    [TestCase(1)]
    [TestCase(1.5)]
    [TestCase(2)]
    [TestCase(7.3)]
    [TestCase(13)]
    [TestCase(19.9)]
    public async Task ShouldEndWithinFivePercentWhenTheHighestRateIsLow(double highest)
    {
        var runs = 0;
        var (best, _) = await RateSweep.FindAsync(
            new RateSweepOptions { From = 1, To = 100 },
            rate => PointAsync(rate, ++runs < 50 ? rate <= highest : throw new TimeoutException("it does not end")));

        Assert.That(best, Is.InRange(highest / 1.05, highest));
        Assert.That(runs, Is.LessThan(25));
    }

    [Test]
    public async Task ShouldEndAtTheGreatestRateWhenAllAreSustained()
    {
        var (best, points) = await RateSweep.FindAsync(
            new RateSweepOptions { From = 1_000, To = 5_000 }, static rate => PointAsync(rate, isSustained: true));

        Assert.That(best, Is.EqualTo(5_000));
        Assert.That(points.Select(static point => point.RateEps), Is.EqualTo(new[] { 1_000.0, 2_000, 4_000, 5_000 }));
    }

    [Test]
    public async Task ShouldTryOnceMoreWhenARateIsNotSustained()
    {
        var calls = 0;
        var (best, points) = await RateSweep.FindAsync(
            new RateSweepOptions { From = 1_000, To = 1_000 }, rate => PointAsync(rate, ++calls > 1));

        Assert.That((best, points.Count), Is.EqualTo((1_000.0, 2)));
    }

    [Test]
    public async Task ShouldFindNothingWhenNotEvenTheLeastRateIsSustained()
    {
        var (best, points) = await RateSweep.FindAsync(
            new RateSweepOptions(), static rate => PointAsync(rate, isSustained: false));

        Assert.That((best, points.Count), Is.EqualTo(((double?)null, 2)));
    }

    [Test]
    public void ShouldShowEachRunWhenItSweepsByRunsOfTheDemo()
    {
        var folder = Directory.CreateTempSubdirectory("xp-sweep-").FullName;
        try
        {
            using var sweep = XpProcess.Start(
                "latency", "--sweep", "--from", "2000", "--to", "2000", "--seconds", "0.2", "--p99-us", "10000000",
                "--json", Path.Combine(folder, "rates.json"), "--report", folder);

            // Whether a rate is sustained is the machine's affair here; what each run showed is told either way.
            Assert.That(sweep.End(), Is.LessThan(2), sweep.Output + sweep.Error);
            Assert.That(sweep.Output, Does.Contain("2,000/s: p50 "));
            Assert.That(
                File.ReadAllText(Path.Combine(folder, "rates.json")), Does.Contain("\"rate_eps\": 2000"));
            Assert.That(File.ReadAllText(Path.Combine(folder, "rates.html")), Does.Contain("\"rate_eps\":2000"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestCase("--to 5", "--to is an option of --sweep")]
    [TestCase("--sweep --to 5", "--to: 5 is below --from, 10000")]
    public void ShouldRefuseWhenOptionsDoNotGoTogether(string options, string problem) =>
        Assert.That(Xp.Run(["latency", .. options.Split(' ')]).Error, Does.Contain(problem));

    private static Task<RatePoint> PointAsync(double rate, bool isSustained) => Task.FromResult(new RatePoint
    {
        RateEps = rate,
        LatencyNs = new LatencySummary(),
        Problem = isSustained ? null : "it fell behind",
    });
}
