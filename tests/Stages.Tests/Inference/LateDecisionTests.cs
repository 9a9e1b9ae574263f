using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Stages.Tests.Inference;

/// <summary>What becomes of a signal that is too old, or was taken in while the backend was slow.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LateDecisionTests
{
    private const long SentNs = 1_700_000_000_000_000_000;
    private readonly FixedPolicy _backend = new(0f, 0f, 1f, 0f, 0f, 1f, 0f, 0f, 0f, 1.5f, 3f);

    [TestCase(1_000_000, false, DecisionLateness.None)]
    [TestCase(1_000_001, false, DecisionLateness.AgedEvent)]
    [TestCase(0, true, DecisionLateness.SlowBackend)]
    [TestCase(1_000_001, true, DecisionLateness.AgedEvent)]
    public void ShouldDecideByRulesWhenSignalIsLate(long ageNs, bool isSlow, DecisionLateness lateness)
    {
        var stage = new InferenceStage(_backend, new InferenceOptions { DeadlineUs = 1_000 });
        var e = Signal(ageNs, isSlow);

        stage.OnEvent(ref e);

        var isLate = lateness != DecisionLateness.None;
        Assert.That(e.Decision.Lateness, Is.EqualTo(lateness));
        Assert.That(e.Decision.Source, Is.EqualTo(isLate ? DecisionSource.RuleBased : DecisionSource.OnnxRuntime));
        Assert.That(_backend.Runs, Is.EqualTo(isLate ? 0 : 1), "nothing waits for the backend");
        Assert.That((stage.Late, stage.Fallbacks), Is.EqualTo((isLate ? 1L : 0L, 0L)));
        Assert.That(e.Decision.Quantity, Is.Positive);
    }

    [TestCase(5_000_000, false, DecisionLateness.AgedEvent)]
    [TestCase(0, true, DecisionLateness.SlowBackend)]
    public void ShouldRefuseWhenLateSignalsAreRefused(long ageNs, bool isSlow, DecisionLateness lateness)
    {
        var options = new InferenceOptions { DeadlineUs = 1_000, Late = LateChoice.Refuse };
        var stage = new InferenceStage(_backend, options);
        var e = Signal(0, isSlow: false);
        stage.OnEvent(ref e);
        Assert.That(e.Decision.Quantity, Is.EqualTo(2), "a decision that must not show through the next");
        e.Header = Signal(ageNs, isSlow).Header;

        stage.OnEvent(ref e);

        Assert.That(
            (e.Decision.Lateness, e.Decision.Source, e.Decision.Quantity, e.Decision.Side),
            Is.EqualTo((lateness, DecisionSource.None, 0, Side.None)));
        Assert.That(((ReadOnlySpan<float>)e.Decision.Outputs).ToArray(), Is.All.NaN);
        Assert.That(e.Decision.StopLossAtr, Is.NaN);
        Assert.That((stage.Decisions, stage.Late), Is.EqualTo((2L, 1L)));
    }

    [Test]
    public void ShouldNotKeepLatenessWhenTheNextSignalInTheSlotIsInTime()
    {
        var stage = new InferenceStage(_backend, new InferenceOptions { DeadlineUs = 1_000 });
        var e = Signal(2_000_000, isSlow: false);
        stage.OnEvent(ref e);
        e.Header.TimeNs = SentNs;

        stage.OnEvent(ref e);

        Assert.That(e.Decision.Lateness, Is.EqualTo(DecisionLateness.None));
        Assert.That(e.Decision.Source, Is.EqualTo(DecisionSource.OnnxRuntime));
    }

    [Test]
    public void ShouldLeaveAnyAgeToTheModelsWhenThereIsNoDeadline()
    {
        var e = Signal(long.MaxValue - SentNs, isSlow: false);
        new InferenceStage(_backend).OnEvent(ref e);
        Assert.That(e.Decision.Source, Is.EqualTo(DecisionSource.OnnxRuntime));
    }

    [Test]
    public void ShouldAllocateNothingWhenSignalsAreLate()
    {
        foreach (var late in Enum.GetValues<LateChoice>())
        {
            var stage = new InferenceStage(_backend, new InferenceOptions { Late = late });
            var e = Signal(0, isSlow: true);
            stage.WarmUp(10);
            Assert.That(AllocationMeter.FewestBytesOf(_ => stage.OnEvent(ref e), 1, 1_000), Is.Zero);
        }
    }

    [Test]
    public void ShouldRefuseOptionsWhenOneIsOutOfRange()
    {
        Assert.That(() => new InferenceOptions { DeadlineUs = -1 }.Validate(), Throws.ArgumentException);
        Assert.That(() => new InferenceOptions { SlowBackendUs = -1 }.Validate(), Throws.ArgumentException);
        Assert.That(() => new InferenceOptions { RetryMs = 0 }.Validate(), Throws.ArgumentException);
    }

    private static PipelineEvent Signal(long ageNs, bool isSlow)
    {
        var e = new PipelineEvent { Header = { Kind = EventKind.TradeQualified }, Features = ContextSource.Calm() };
        e.Header.TimeNs = SentNs + ageNs;
        e.Header.SlowBackend = isSlow ? (byte)1 : (byte)0;
        e.Payload.TradeQualified.Action = TradeAction.Long;
        e.Payload.TradeQualified.SendTimeNs = SentNs;
        return e;
    }
}
