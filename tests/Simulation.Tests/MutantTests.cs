using System.Reflection;
using ExecutionPipeline.Pipeline.Ring;

namespace ExecutionPipeline.Simulation.Tests;

/// <summary>Faults that are built in on purpose are found within a few seeds, and shortened.</summary>
public sealed class MutantTests
{
    private const ulong MostSeeds = 60;
    private const long Events = 3_000;

    [TestCase(Mutant.SyncsOneLate, "had been handled, whose orders may have left|a start was refused")]
    [TestCase(Mutant.ForgetsSignals, "was approved twice")]
    [TestCase(Mutant.SnapshotLacksTimers, "timer")]
    [TestCase(Mutant.BooksTwiceAfterRestart, "led to something else")]
    [TestCase(Mutant.LosesOwnReports, ".")]
    public void ShouldFindAPlantedFault(Mutant mutant, string rule)
    {
        var (_, result) = Find(new SimulationOptions { Mutant = mutant, Events = Events });
        Assert.That(result.Violation, Does.Match(rule));
    }

    [TestCase("routing", "_sender", "_lastNumber")]
    [TestCase("routing", "_inquiries", "_auditSlot")]
    [TestCase("risk", "_watch", "_stopped")]
    [TestCase("context", "_portfolio", "<FeesE6>k__BackingField")]
    public void ShouldFindASnapshotThatLacksAField(string stage, string part, string field)
    {
        var (_, result) = Find(new SimulationOptions
        {
            Events = Events,
            AfterLoad = chain => Clear(chain, stage, part, field),
        });
        TestContext.Out.WriteLine(result.Violation);
    }

    [Test]
    public void ShouldShortenAFailureToItsPrefixAndItsFaults()
    {
        var (options, result) = Find(new SimulationOptions { Mutant = Mutant.ForgetsSignals, Events = Events });
        var shortest = FailureShortening.Shorten(options, result, SimulationRun.Run, default);
        Assert.That(shortest.Result.Violation, Is.Not.Null);
        Assert.That(shortest.Options.Faults, Is.EqualTo(FaultClasses.Resends), "nothing else is needed");
        var shorter = SimulationRun.Run(shortest.Options with { Events = shortest.Options.Events / 2 }, default);
        Assert.That(shorter.Violation, Is.Null);
    }

    private static (SimulationOptions Options, SimulationResult Result) Find(SimulationOptions options)
    {
        for (var seed = 1UL; seed <= MostSeeds; seed++)
        {
            var tried = options with { Seed = seed };
            var result = SimulationRun.Run(tried, default);
            if (result.Violation is not null)
                return (tried, result);
        }

        throw new AssertionException($"{MostSeeds} seeds did not find it");
    }

    private static void Clear(StageChain chain, string stage, string part, string field)
    {
        object owner = stage switch { "routing" => chain.Routing, "risk" => chain.Risk, _ => chain.Context };
        var holder = FieldOf(owner, part).GetValue(owner)!;
        var cleared = FieldOf(holder, field);
        cleared.SetValue(holder, Activator.CreateInstance(cleared.FieldType));
    }

    private static FieldInfo FieldOf(object owner, string name) =>
        owner.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new InvalidOperationException($"{owner.GetType().Name} has no {name}");
}
