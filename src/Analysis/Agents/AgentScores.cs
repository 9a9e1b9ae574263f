using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Analysis.Agents;

/// <summary>
/// How good a decision of each of the three agents was, by what became of it. Source: requirement document 4,
/// ExecutionAgentAnalytics. Slippage is signed: what was better than the decision's price scores above the terms' usual
/// most.
/// </summary>
public static class AgentScores
{
    public const string Sizing = "position_sizing";
    public const string Timing = "execution_timing";
    public const string Risk = "risk_management";

    /// <summary>A decision that scores more is a correct one.</summary>
    public const double CorrectAbove = 0.7;

    /// <summary>0.4 fill rate + 0.4 max(0, 1 - slippage / 10) + 0.2 fitness of the size.</summary>
    /// <param name="fillRate">[0, 1].</param>
    /// <param name="slippageBps">Positive is worse.</param>
    /// <param name="volatility">Daily, as a fraction.</param>
    /// <param name="contracts">That were decided on.</param>
    public static double SizingScore(double fillRate, double slippageBps, double volatility, int contracts)
    {
        var fitness = volatility switch
        {
            > 0.025 when contracts > 3 => 0.5,
            < 0.01 when contracts < 2 => 0.7,
            _ => 1.0,
        };
        return 0.4 * fillRate + 0.4 * Math.Max(0, 1 - slippageBps / 10) + 0.2 * fitness;
    }

    /// <summary>By the strategy: speed and slippage, slippage and adverse selection, or slippage alone.</summary>
    /// <param name="strategy">That was decided on.</param>
    /// <param name="durationMs">From the decision to the last fill.</param>
    /// <param name="slippageBps">Positive is worse.</param>
    /// <param name="adverseSelectionBps">How far the market went against the fills; 0 where it is not known.</param>
    public static double TimingScore(
        ExecutionStrategy strategy,
        double durationMs,
        double slippageBps,
        double adverseSelectionBps) => strategy switch
        {
            ExecutionStrategy.Immediate =>
                0.6 * Math.Max(0, 1 - durationMs / 1_000) + 0.4 * Math.Max(0, 1 - slippageBps / 5),
            ExecutionStrategy.Twap5Min =>
                0.5 * Math.Max(0, 1 - slippageBps / 3) + 0.5 * Math.Max(0, 1 - adverseSelectionBps / 2),
            _ => Math.Max(0, 1 - slippageBps / 5),
        };

    /// <summary>1 while no limit is broken, else 0; its mean is the compliance rate.</summary>
    public static double RiskScore(bool isWithinLimits) => isWithinLimits ? 1 : 0;
}
