using System.Globalization;
using System.Text;
using ExecutionPipeline.Analysis.Agents;
using ExecutionPipeline.Control.Prometheus;
using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Control.Link;

/// <summary>
/// Scores what the three agents decided by what became of it, as the analysis of runs does; the last 1,000 decisions of
/// each count. The reward is that of the requirements over 100; what its shaping needs beyond that is known in training
/// alone, so all agents have the same.
/// </summary>
public sealed class AgentDesk
{
    /// <summary>The daily volatility where a decision tells none.</summary>
    private const double UsualVolatility = 0.015;

    /// <summary>A schedule takes as long as it is meant to, and earns no bonus for speed.</summary>
    private const double NoSpeedBonusMs = 1_000;

    private const double RewardUnit = 100;

    private readonly Lock _gate = new();
    private readonly AgentScorecard _scorecard = new();
    private readonly MetricHistogram _reward = new(-2, -1, -.5, 0, .5, 1, 1.5, 2) { IsSigned = true };

    /// <summary>The agents, whether they have decided anything or not.</summary>
    public static IReadOnlyList<string> Agents { get; } = [AgentScores.Sizing, AgentScores.Timing, AgentScores.Risk];

    /// <summary>How each agent does that has decided anything.</summary>
    public IReadOnlyList<AgentPerformance> Performances
    {
        get
        {
            lock (_gate)
                return _scorecard.Performances;
        }
    }

    /// <summary>What should be done about them.</summary>
    public IReadOnlyList<AgentRecommendation> Recommendations
    {
        get
        {
            lock (_gate)
                return _scorecard.Recommendations;
        }
    }

    /// <summary>Scores the three decisions that an entry came from.</summary>
    public void Score(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var slippage = entry.SlippageBps ?? 0;
        var sizing = AgentScores.SizingScore(
            entry.FillRate, slippage, entry.DailyVolatility ?? UsualVolatility, entry.Quantity);
        // Without an execution there is no slippage, and that is not the timing's merit. Whether the order was taken
        // back on purpose is not in the outbound stream.
        var timing = entry.Executed == 0
            ? 0
            : AgentScores.TimingScore(entry.Strategy, entry.DurationMs, slippage, entry.AdverseBps ?? 0);
        var reward = ExecutionReward.Total(
            slippage, entry.Strategy == ExecutionStrategy.Immediate ? entry.DurationMs : NoSpeedBonusMs,
            entry.PositionUse, entry.VarUse, Math.Max(0, entry.ImpactBps ?? 0), entry.FillRate);
        lock (_gate)
        {
            _scorecard.Add(AgentScores.Sizing, entry.Quantity.ToString(CultureInfo.InvariantCulture), sizing);
            _scorecard.Add(AgentScores.Timing, StrategyNames.NameOf(entry.Strategy), timing);
            _scorecard.Add(
                AgentScores.Risk, entry.IsWithinLimits ? "within limits" : "limit broken",
                AgentScores.RiskScore(entry.IsWithinLimits));
            _reward.Observe(reward / RewardUnit);
        }
    }

    /// <summary>Writes the metrics.</summary>
    public void Write(StringBuilder text)
    {
        MetricLines.Head(text, "execution_agent_accuracy", "gauge", "Share of the last decisions that were correct.");
        foreach (var agent in Performances)
            MetricLines.Line(text, "execution_agent_accuracy", $"agent_type=\"{agent.Agent}\"", agent.Accuracy);
        MetricLines.Head(
            text, "execution_agent_reward", "histogram", "Reward of an execution in hundreds of points, from -2 to 2.");
        lock (_gate)
        {
            foreach (var agent in Agents)
                _reward.Write(text, "execution_agent_reward", $"agent_type=\"{agent}\"");
        }
    }
}
