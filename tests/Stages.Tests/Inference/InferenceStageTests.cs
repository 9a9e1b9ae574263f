using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Stages.Tests.Inference;

public sealed class InferenceStageTests
{
    private static readonly float[] Usual = [0.1f, 0.1f, 0.2f, 0.5f, 0.1f, 0.1f, 0.2f, 0.6f, 0.1f, 1.5f, 3f];

    [Test]
    public void ShouldTakeLikeliestActionsWhenOutputsAreValid()
    {
        var stage = new InferenceStage(new FixedPolicy(Usual));
        var e = Signal(TradeAction.Long);

        stage.OnEvent(ref e);

        Assert.That(e.Decision.SizeAction, Is.EqualTo(3));
        Assert.That(e.Decision.Quantity, Is.EqualTo(3));
        Assert.That(e.Decision.Side, Is.EqualTo(Side.Buy));
        Assert.That(e.Decision.Strategy, Is.EqualTo(ExecutionStrategy.VwapAggressive));
        Assert.That(e.Decision.StopLossAtr, Is.EqualTo(1.5f));
        Assert.That(e.Decision.TakeProfitAtr, Is.EqualTo(3f));
        Assert.That(e.Decision.Source, Is.EqualTo(DecisionSource.OnnxRuntime));
        Assert.That((stage.Decisions, stage.Fallbacks, stage.ZeroSizes), Is.EqualTo((1L, 0L, 0L)));
    }

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(2, 2)]
    [TestCase(3, 3)]
    [TestCase(4, 5)]
    public void ShouldTradeTheActionsContractsWhenItIsLikeliest(int action, int contracts)
    {
        var outputs = new float[PolicyOutputs.Count];
        outputs[action] = 1f;
        outputs[PolicyOutputs.StrategyOffset] = 1f;
        outputs[PolicyOutputs.StopLossOffset] = 1f;
        outputs[PolicyOutputs.TakeProfitOffset] = 2f;
        var stage = new InferenceStage(new FixedPolicy(outputs));
        var e = Signal(TradeAction.Short);

        stage.OnEvent(ref e);

        Assert.That(e.Decision.Quantity, Is.EqualTo(contracts));
        Assert.That(e.Decision.Side, Is.EqualTo(Side.Sell));
        Assert.That(stage.ZeroSizes, Is.EqualTo(contracts == 0 ? 1 : 0));
    }

    [Test]
    public void ShouldTakeSmallerIndexWhenProbabilitiesTie()
    {
        var stage = new InferenceStage(
            new FixedPolicy(0f, 0.5f, 0.5f, 0f, 0f, 0.25f, 0.25f, 0.25f, 0.25f, 1f, 2f));
        var e = Signal(TradeAction.Long);

        stage.OnEvent(ref e);

        Assert.That(e.Decision.SizeAction, Is.EqualTo(1));
        Assert.That(e.Decision.Strategy, Is.EqualTo(ExecutionStrategy.Immediate));
    }

    [Test]
    public void ShouldTradeNothingWhenSignalIsHold()
    {
        var policy = new FixedPolicy(Usual);
        var stage = new InferenceStage(policy);
        var e = Signal(TradeAction.Hold);

        stage.OnEvent(ref e);

        Assert.That(policy.Runs, Is.EqualTo(1));
        Assert.That(e.Decision.Quantity, Is.Zero);
        Assert.That(e.Decision.Side, Is.EqualTo(Side.None));
        Assert.That(stage.ZeroSizes, Is.EqualTo(1));
    }

    [TestCase(PolicyOutputs.SizeOffset, float.NaN)]
    [TestCase(PolicyOutputs.SizeOffset, -0.1f)]
    [TestCase(PolicyOutputs.SizeOffset, 0.5f)]
    [TestCase(PolicyOutputs.StrategyOffset, float.PositiveInfinity)]
    [TestCase(PolicyOutputs.StrategyOffset, 0f)]
    [TestCase(PolicyOutputs.StopLossOffset, 0.4f)]
    [TestCase(PolicyOutputs.StopLossOffset, 3.1f)]
    [TestCase(PolicyOutputs.StopLossOffset, float.NaN)]
    [TestCase(PolicyOutputs.TakeProfitOffset, 0.9f)]
    [TestCase(PolicyOutputs.TakeProfitOffset, float.NegativeInfinity)]
    public void ShouldDecideByRulesWhenAnOutputIsNoAnswer(int index, float value)
    {
        var outputs = (float[])Usual.Clone();
        outputs[index] = value;
        var stage = new InferenceStage(new FixedPolicy(outputs));
        var e = Signal(TradeAction.Long);
        var expected = default(PolicyOutputs);
        new RuleBasedPolicy(new RuleBasedPolicyOptions()).Run(in e.Features, ref expected);

        stage.OnEvent(ref e);

        Assert.That(e.Decision.Source, Is.EqualTo(DecisionSource.RuleBased));
        var found = ((ReadOnlySpan<float>)e.Decision.Outputs).ToArray();
        Assert.That(found, Is.EqualTo(((ReadOnlySpan<float>)expected).ToArray()));
        Assert.That(stage.Fallbacks, Is.EqualTo(1));
        Assert.That(stage.Decisions, Is.EqualTo(1));
    }

    [TestCase(4, Side.Sell, 4)]
    [TestCase(-7, Side.Buy, 7)]
    [TestCase(0, Side.None, 0)]
    public void ShouldCloseWholePositionWhenOperatorSaysSo(int position, Side side, int quantity)
    {
        var policy = new FixedPolicy(Usual);
        var stage = new InferenceStage(policy);
        var e = Signal(TradeAction.Long);
        stage.OnEvent(ref e);
        e.Header.Kind = EventKind.Command;
        e.Payload.Command.Kind = CommandKind.CloseAll;
        e.Portfolio.Position = position;

        stage.OnEvent(ref e);

        Assert.That(policy.Runs, Is.EqualTo(1));
        Assert.That(e.Decision.Source, Is.EqualTo(DecisionSource.Operator));
        Assert.That(e.Decision.Side, Is.EqualTo(side));
        Assert.That(e.Decision.Quantity, Is.EqualTo(quantity));
        Assert.That(e.Decision.Strategy, Is.EqualTo(ExecutionStrategy.Immediate));
        Assert.That(e.Decision.StopLossAtr, Is.Zero);
        Assert.That(stage.Decisions, Is.EqualTo(1));
    }

    [TestCase(CommandKind.Kill)]
    [TestCase(CommandKind.Resume)]
    [TestCase(CommandKind.CancelAll)]
    public void ShouldLeaveNoOldDecisionWhenCommandReusesTheSlot(CommandKind kind)
    {
        var stage = new InferenceStage(new FixedPolicy(Usual));
        var e = Signal(TradeAction.Long);
        stage.OnEvent(ref e);
        e.Header.Kind = EventKind.Command;
        e.Payload.Command.Kind = kind;

        stage.OnEvent(ref e);

        Assert.That(e.Decision.Quantity, Is.Zero);
        Assert.That(e.Decision.Source, Is.EqualTo(DecisionSource.None));
    }

    [TestCase(EventKind.MarketUpdate)]
    [TestCase(EventKind.ExecutionReport)]
    [TestCase(EventKind.Timer)]
    public void ShouldNotRunPolicyWhenEventNeedsNoDecision(EventKind kind)
    {
        var policy = new FixedPolicy(Usual);
        var stage = new InferenceStage(policy);
        var e = new PipelineEvent { Header = { Kind = kind } };

        stage.OnEvent(ref e);

        Assert.That(policy.Runs, Is.Zero);
        Assert.That(stage.Decisions, Is.Zero);
    }

    [Test]
    public void ShouldRunBackendAsOftenAsAskedWhenWarmingUp()
    {
        var policy = new FixedPolicy(Usual);
        var stage = new InferenceStage(policy);

        stage.WarmUp(7);

        Assert.That(policy.Runs, Is.EqualTo(7));
        Assert.That(stage.Decisions, Is.Zero);
        Assert.That(() => stage.WarmUp(0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static PipelineEvent Signal(TradeAction action)
    {
        var e = new PipelineEvent { Header = { Kind = EventKind.TradeQualified }, Features = ContextSource.Calm() };
        e.Payload.TradeQualified.Action = action;
        return e;
    }
}
