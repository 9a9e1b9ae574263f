using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Allocation.Tests;

/// <summary>
/// Nothing on the hot path allocates after warm-up: not one byte. For each check there is one that must fail.
/// </summary>
[NonParallelizable]
public sealed class AllocationTests
{
    private const int Warmup = 20_000;
    private const int Measured = 50_000;

    private static IEnumerable<HotPath> Paths => HotPaths.All;

    [TestCaseSource(nameof(Paths))]
    public void ShouldAllocateNothingWhenWarm(HotPath path)
    {
        Assert.That(AllocationMeter.FewestBytesOf(path.Create(), Warmup, Measured), Is.Zero);
    }

    [Test]
    public void ShouldNotBeSeenWhenTheRuntimeAllocatesOnceAfterWarmup()
    {
        object? kept = null;
        var bytes = AllocationMeter.FewestBytesOf(
            index =>
            {
                if (index == Warmup + 1)
                    kept = new object();
            },
            Warmup,
            Measured);

        Assert.That(kept, Is.Not.Null);
        Assert.That(bytes, Is.Zero);
    }

    [TestCaseSource(nameof(Paths))]
    public void ShouldBeSeenWhenOneObjectIsAllocated(HotPath path)
    {
        var body = path.Create();
        object? kept = null;

        var bytes = AllocationMeter.FewestBytesOf(
            index =>
            {
                body(index);
                if (index % Measured == Warmup + 1)
                    kept = new object();
            },
            Warmup,
            Measured);

        Assert.That(kept, Is.Not.Null);
        Assert.That(bytes, Is.Positive);
    }

    [TestCase(InferenceChoice.Rules, GraphChoice.Merged)]
    [TestCase(InferenceChoice.OnnxRuntime, GraphChoice.Merged)]
    [TestCase(InferenceChoice.OnnxRuntime, GraphChoice.Separate)]
    [TestCase(InferenceChoice.Compiled, GraphChoice.Merged)]
    public void ShouldAllocateNothingWhenTheWholeChainRuns(InferenceChoice inference, GraphChoice graph)
    {
        using var policy = Policies.Open(Policies.ChoiceOf(inference, graph, null));
        var chain = new InlineChain(policy.Backend, new NullSink());

        var bytes = AllocationMeter.FewestBytesOf(chain.Run, Warmup, Measured);

        Assert.That(bytes, Is.Zero);
        Assert.That(chain.OrdersSent, Is.GreaterThan((Warmup + Measured) / 3), "most signals become orders");
        Assert.That(chain.Fills, Is.Positive);
    }

    [Test]
    public void ShouldAllocateNothingWhenTheWholeChainKeepsAJournal()
    {
        var folder = Directory.CreateTempSubdirectory("xp-allocation-").FullName;
        try
        {
            using var journal = new EventJournal(folder, new JournalOptions(), default);
            var chain = new InlineChain(LoadedPolicy.Rules().Backend, new NullSink(), journal);

            var bytes = AllocationMeter.FewestBytesOf(chain.Run, Warmup, Measured);

            Assert.That(bytes, Is.Zero);
            Assert.That(journal.NextSequence, Is.GreaterThan(2 * (Warmup + Measured)), "every event is in the journal");
            Assert.That(chain.Fills, Is.Positive);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void ShouldBeSeenWhenTheChainAllocatesOnceInAThousandMessages()
    {
        var sink = new WastefulSink();
        var chain = new InlineChain(LoadedPolicy.Rules().Backend, sink);

        var bytes = AllocationMeter.FewestBytesOf(chain.Run, Warmup, Measured);

        Assert.That(sink.Kept, Is.Not.Empty);
        Assert.That(bytes, Is.Positive);
    }
}
