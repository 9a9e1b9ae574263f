using ExecutionPipeline.Analysis.Agents;
using ExecutionPipeline.Analysis.Costs;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Analysis.Tests.Samples;

namespace ExecutionPipeline.Analysis.Tests;

[TestFixture]
public sealed class AgentScorecardTests
{
    [TestCase(1.0, 0.0, 0.015, 2, 1.0)]
    [TestCase(0.9, 2.0, 0.015, 2, 0.36 + 0.32 + 0.2)]
    [TestCase(1.0, 20.0, 0.03, 4, 0.4 + 0 + 0.1)]
    [TestCase(1.0, 0.0, 0.03, 3, 1.0)]
    [TestCase(1.0, 0.0, 0.009, 1, 0.94)]
    [TestCase(1.0, 0.0, 0.01, 1, 1.0)]
    [TestCase(1.0, -5.0, 0.015, 2, 0.4 + 0.6 + 0.2)]
    public void ShouldScoreASizeAsDocumented(
        double fillRate, double slippage, double volatility, int contracts, double score) => Assert.That(
        AgentScores.SizingScore(fillRate, slippage, volatility, contracts), Is.EqualTo(score).Within(1e-12));

    [TestCase(ExecutionStrategy.Immediate, 250, 1.0, 9.0, 0.6 * 0.75 + 0.4 * 0.8)]
    [TestCase(ExecutionStrategy.Immediate, 2_000, 6.0, 0.0, 0.0)]
    [TestCase(ExecutionStrategy.Twap5Min, 300_000, 1.5, 0.5, 0.25 + 0.375)]
    [TestCase(ExecutionStrategy.Iceberg, 300_000, 1.0, 9.0, 0.8)]
    [TestCase(ExecutionStrategy.VwapAggressive, 300_000, 7.0, 0.0, 0.0)]
    public void ShouldScoreATimingAsDocumented(
        ExecutionStrategy strategy, double ms, double slippage, double adverse, double score) => Assert.That(
        AgentScores.TimingScore(strategy, ms, slippage, adverse), Is.EqualTo(score).Within(1e-12));

    [Test]
    public void ShouldCountWhatWasCorrectAndRecommendWhatIsToBeDone()
    {
        var scorecard = new AgentScorecard();
        foreach (var score in new[] { 0.7, 0.71, 0.3, 0.2 })
            scorecard.Add(AgentScores.Timing, score > 0.5 ? "ICEBERG" : "IMMEDIATE", score);
        scorecard.Add(AgentScores.Risk, "within limits", 1);

        var timing = scorecard.Performances.Single(static agent => agent.Agent == AgentScores.Timing);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(timing.Accuracy, Is.EqualTo(0.25), "0.7 itself is not correct");
            Assert.That(timing.Reward, Is.EqualTo(1.91 / 4).Within(1e-12));
            Assert.That(timing.Patterns["ICEBERG"], Is.EqualTo(0.5));
            Assert.That(scorecard.Performances, Has.Count.EqualTo(2), "sizing has decided nothing");
            Assert.That(
                scorecard.Recommendations.Select(static one => (one.Agent, one.Issue)),
                Is.EqualTo(new[] { (AgentScores.Timing, "low_accuracy"), (AgentScores.Timing, "low_reward") }));
        }
    }

    [Test]
    public void ShouldForgetOldDecisionsWhenThereAreMoreThanAThousand()
    {
        var scorecard = new AgentScorecard();
        for (var i = 0; i < 1_500; i++)
            scorecard.Add(AgentScores.Sizing, i < 1_460 ? "1" : "5", i < 1_000 ? 0 : 1);

        var sizing = scorecard.Performances.Single();
        Assert.That((sizing.Decisions, sizing.Correct), Is.EqualTo((1_000, 500)));
        Assert.That(sizing.Patterns["5"], Is.EqualTo(0.8).Within(1e-9), "40 of the last 50");
    }

    [Test]
    public void ShouldScoreTheThreeDecisionsOfAnOrder()
    {
        var order = Order(Side.Buy, 1, 100, [Fill(0.5, 1, 100)]) with
        {
            ArrivalTimeNs = StartNs,
            Volatility = 0.009,
            IsWithinLimits = false,
        };
        var scorecard = new AgentScorecard();
        scorecard.Add(new CostAnalyzer().Analyze(order));

        Assert.That(
            scorecard.Performances.Select(static agent => agent.Reward),
            Is.EqualTo(new[] { 0.94, 0.3 + 0.4, 0.0 }).Within(1e-12));
    }

    [TestCase(ExecutionStrategy.Immediate)]
    [TestCase(ExecutionStrategy.Twap5Min)]
    [TestCase(ExecutionStrategy.Iceberg)]
    public void ShouldScoreNoTimingAsCorrectWhenNothingWasExecuted(ExecutionStrategy strategy)
    {
        var order = Order(Side.Buy, 2, 100, [], endSeconds: 0.1, strategy: strategy) with { ArrivalTimeNs = StartNs };
        var scorecard = new AgentScorecard();
        scorecard.Add(new CostAnalyzer().Analyze(order));

        Assert.That(
            scorecard.Performances.Select(static agent => agent.Reward),
            Is.EqualTo(new[] { 0.6, 0.0, 1.0 }).Within(1e-12), "size, timing and risk");
    }

    [Test]
    public void ShouldScoreTheRiskAloneWhenAllWasTakenBackBeforeAnythingWasExecuted()
    {
        var order = Order(Side.Buy, 2, 100, []) with { EndReason = ParentEndReason.Withdrawn };
        var scorecard = new AgentScorecard();
        scorecard.Add(new CostAnalyzer().Analyze(order));

        Assert.That(
            scorecard.Performances.Select(static agent => (agent.Agent, agent.Reward)),
            Is.EqualTo(new[] { (AgentScores.Risk, 1.0) }));
    }
}
