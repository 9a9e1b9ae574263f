using System.Globalization;
using ExecutionPipeline.Analysis.Costs;
using ExecutionPipeline.Execution.Algorithms;

namespace ExecutionPipeline.Analysis.Agents;

/// <summary>How an agent did over its latest decisions.</summary>
/// <param name="Agent">Its name.</param>
/// <param name="Decisions">That were scored.</param>
/// <param name="Correct">Those that scored above <see cref="AgentScores.CorrectAbove"/>.</param>
/// <param name="Reward">The mean score.</param>
/// <param name="Patterns">Share of each choice among the last 50.</param>
public sealed record AgentPerformance(
    string Agent, int Decisions, int Correct, double Reward, IReadOnlyDictionary<string, double> Patterns)
{
    /// <summary>Share of the decisions that were correct.</summary>
    public double Accuracy => (double)Correct / Decisions;
}

/// <summary>What should be done about an agent.</summary>
/// <param name="Agent">Its name.</param>
/// <param name="Issue">low_accuracy or low_reward.</param>
/// <param name="Current">The accuracy or the reward that is too low.</param>
/// <param name="Recommendation">In words.</param>
public sealed record AgentRecommendation(string Agent, string Issue, double Current, string Recommendation);

/// <summary>
/// Scores the decisions of the three agents and says where one should be trained anew. Source: requirement document 4,
/// ExecutionAgentAnalytics.
/// </summary>
public sealed class AgentScorecard
{
    /// <summary>Decisions of an agent that count.</summary>
    public const int Window = 1_000;

    private const int PatternWindow = 50;
    private const double AccuracyLeast = 0.6;
    private const double RewardLeast = 0.5;

    private readonly Dictionary<string, Queue<(string Choice, double Score)>> _decisions = new(StringComparer.Ordinal)
    {
        [AgentScores.Sizing] = new(),
        [AgentScores.Timing] = new(),
        [AgentScores.Risk] = new(),
    };

    /// <summary>
    /// Scores the three decisions that an order came from. Where all of it was taken back before anything was executed,
    /// nothing shows how good size and timing were, and the risk alone is scored.
    /// </summary>
    public void Add(OrderCost cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        var order = cost.Order;
        if (cost.Meant > 0)
            AddSizeAndTiming(cost);

        Add(
            AgentScores.Risk,
            order.IsWithinLimits ? "within limits" : "limit broken",
            AgentScores.RiskScore(order.IsWithinLimits));
    }

    /// <summary>Takes a decision that was scored already.</summary>
    /// <param name="agent">One of the names in <see cref="AgentScores"/>.</param>
    /// <param name="choice">What was chosen, in words.</param>
    /// <param name="score">Of its outcome.</param>
    public void Add(string agent, string choice, double score)
    {
        var decisions = _decisions[agent];
        if (decisions.Count == Window)
            decisions.Dequeue();
        decisions.Enqueue((choice, score));
    }

    /// <summary>Of each agent that has decided anything.</summary>
    public IReadOnlyList<AgentPerformance> Performances =>
    [
        .. _decisions.Where(static agent => agent.Value.Count > 0)
            .Select(static agent => Of(agent.Key, [.. agent.Value])),
    ];

    /// <summary>What should be done; nothing where all agents do well.</summary>
    public IReadOnlyList<AgentRecommendation> Recommendations => [.. Performances.SelectMany(RecommendationsFor)];

    private void AddSizeAndTiming(OrderCost cost)
    {
        var order = cost.Order;
        var volatility = order.Volatility > 0 ? order.Volatility : order.Instrument.DailyVolatility;
        Add(
            AgentScores.Sizing,
            order.Quantity.ToString(CultureInfo.InvariantCulture),
            AgentScores.SizingScore(cost.FillRate, cost.SlippageBps, volatility, order.Quantity));
        // Without an execution there is no slippage, and that is not the timing's merit.
        var timing = cost.Executed == 0
            ? 0
            : AgentScores.TimingScore(
                order.Strategy, cost.DurationNs / 1e6, cost.SlippageBps, cost.AdverseSelectionBps ?? 0);
        Add(AgentScores.Timing, StrategyNames.NameOf(order.Strategy), timing);
    }

    private static AgentPerformance Of(string agent, IReadOnlyList<(string Choice, double Score)> decisions)
    {
        var latest = decisions.Skip(decisions.Count - PatternWindow).ToArray();
        var patterns = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (choice, _) in latest)
            patterns[choice] = patterns.GetValueOrDefault(choice) + 1.0 / latest.Length;
        return new AgentPerformance(
            agent,
            decisions.Count,
            decisions.Count(static decision => decision.Score > AgentScores.CorrectAbove),
            decisions.Average(static decision => decision.Score),
            patterns);
    }

    private static IEnumerable<AgentRecommendation> RecommendationsFor(AgentPerformance agent)
    {
        if (agent.Accuracy < AccuracyLeast)
        {
            yield return new AgentRecommendation(
                agent.Agent,
                "low_accuracy",
                agent.Accuracy,
                $"Consider training {agent.Agent} anew: less than 60 % of its decisions were correct.");
        }

        if (agent.Reward < RewardLeast)
        {
            yield return new AgentRecommendation(
                agent.Agent,
                "low_reward",
                agent.Reward,
                $"Review the reward of {agent.Agent}: its decisions score below 0.5 on average.");
        }
    }
}
