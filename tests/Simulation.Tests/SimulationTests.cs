using System.Globalization;

namespace ExecutionPipeline.Simulation.Tests;

/// <summary>
/// A slice of seeds in which everything that can goes wrong: no rule is broken. XP_TEST_SEEDS and XP_TEST_EVENTS ask
/// for more of it, XP_TEST_SEED for other seeds.
/// </summary>
public sealed class SimulationTests
{
    private const int SeedsAtOnce = 10;

    private static ulong First => (ulong)NumberOf("XP_TEST_SEED", 1);

    [TestCaseSource(nameof(Slices))]
    public void ShouldBreakNoRuleWhenEverythingGoesWrong(ulong first)
    {
        var events = NumberOf("XP_TEST_EVENTS", 2_000);
        var crashes = 0;
        for (var seed = first; seed < first + SeedsAtOnce; seed++)
        {
            var result = SimulationRun.Run(new SimulationOptions { Seed = seed, Events = events }, default);
            Assert.That(result.Violation, Is.Null, $"seed {seed}, event {result.Events - 1}");
            Assert.That(result.Events, Is.GreaterThanOrEqualTo(events));
            crashes += result.Kills + result.PowerFailures;
        }

        Assert.That(crashes, Is.Positive, "something did go wrong");
    }

    [Test]
    public void ShouldTradeAndRestWhenNothingGoesWrong()
    {
        var result = SimulationRun.Run(
            new SimulationOptions { Seed = First, Events = 10_000, Faults = FaultClasses.None }, default);
        Assert.That((result.Violation, result.Kills + result.PowerFailures), Is.EqualTo(((string?)null, 0)));
        Assert.That(Math.Min(result.Orders, result.Executions), Is.GreaterThan(100));
    }

    [Test]
    public void ShouldComeToTheSameWhenTheSeedIsTheSame()
    {
        var options = new SimulationOptions { Seed = First + 3, Events = 3_000 };
        var once = SimulationRun.Run(options, default);
        Assert.That(SimulationRun.Run(options, default), Is.EqualTo(once));
        Assert.That(SimulationRun.Run(options with { Seed = First + 4 }, default).Digest, Is.Not.EqualTo(once.Digest));
    }

    [Test]
    public void ShouldEndWhenItIsCancelled() => Assert.That(
        () => SimulationRun.Run(new SimulationOptions(), new CancellationToken(canceled: true)),
        Throws.InstanceOf<OperationCanceledException>());

    private static IEnumerable<ulong> Slices()
    {
        for (var i = 0UL; i < (ulong)NumberOf("XP_TEST_SEEDS", 60) / SeedsAtOnce; i++)
            yield return First + i * SeedsAtOnce;
    }

    private static long NumberOf(string variable, long otherwise)
    {
        var given = Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrEmpty(given) ? otherwise : long.Parse(given, CultureInfo.InvariantCulture);
    }
}
