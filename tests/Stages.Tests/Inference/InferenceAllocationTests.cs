using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Stages.Tests.Inference;

/// <summary>Bytes on the deciding thread after warm-up: none.</summary>
public sealed class InferenceAllocationTests
{
    private const int WarmUpRuns = 200;
    private const int Events = 2_000;

    [Test]
    public void ShouldAllocateNothingWhenMergedGraphDecides()
    {
        using var policy = OnnxRuntimePolicy.Load(ShippedModels.Open());
        Assert.That(MeasureBytes(policy), Is.Zero);
    }

    [Test]
    public void ShouldAllocateNothingWhenSeparateGraphsDecide()
    {
        using var policy = SeparateOnnxRuntimePolicy.Load(ShippedModels.Open());
        Assert.That(MeasureBytes(policy), Is.Zero);
    }

    [Test]
    public void ShouldAllocateNothingWhenCompiledGraphDecides() =>
        Assert.That(MeasureBytes(CompiledPolicy.Load(ShippedModels.Open())), Is.Zero);

    [Test]
    public void ShouldAllocateNothingWhenRulesDecide() =>
        Assert.That(MeasureBytes(new RuleBasedPolicy(new RuleBasedPolicyOptions())), Is.Zero);

    [Test]
    public void ShouldAllocateNothingWhenRulesStandIn()
    {
        var noAnswer = Enumerable.Repeat(float.NaN, PolicyOutputs.Count).ToArray();
        Assert.That(MeasureBytes(new FixedPolicy(noAnswer)), Is.Zero);
    }

    // Shows that the meter works: one object an event is seen.
    [Test]
    public void ShouldSeeAllocationsWhenThereAreSome() =>
        Assert.That(MeasureBytes(new AllocatingPolicy()), Is.GreaterThanOrEqualTo(Events * 24L));

    private static long MeasureBytes(IPolicyBackend policy)
    {
        var stage = new InferenceStage(policy);
        var e = new PipelineEvent { Header = { Kind = EventKind.TradeQualified }, Features = ContextSource.Calm() };
        e.Payload.TradeQualified.Action = TradeAction.Long;
        stage.WarmUp(WarmUpRuns);
        return AllocationMeter.FewestBytesOf(Feed, WarmUpRuns, Events);

        void Feed(int i)
        {
            e.Features[Feature.DecisionConfidence] = i % 100 / 100f;
            stage.OnEvent(ref e);
        }
    }

    private sealed class AllocatingPolicy : IPolicyBackend
    {
        private readonly RuleBasedPolicy _rules = new(new RuleBasedPolicyOptions());

        public object? Last { get; private set; }

        public DecisionSource Source => DecisionSource.RuleBased;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs)
        {
            Last = new object();
            _rules.Run(in features, ref outputs);
        }
    }
}
