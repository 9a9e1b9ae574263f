namespace ExecutionPipeline.Quant;

/// <summary>
/// The reward of an execution in points, requirement document 2.4.1: quality from slippage, a bonus for speed, risk
/// compliance, a penalty on impact and a bonus for complete fills, clipped to +-200.
/// </summary>
public static class ExecutionReward
{
    /// <summary>Slippage in basis points of the target; positive is worse than the target.</summary>
    /// <param name="targetPrice">Positive.</param>
    /// <param name="fillPrice">What was paid or received.</param>
    /// <param name="direction">1 for a buy, -1 for a sale.</param>
    public static double SlippageBps(double targetPrice, double fillPrice, int direction) =>
        (fillPrice - targetPrice) / targetPrice * 10_000.0 * direction;

    /// <summary>The reward.</summary>
    /// <param name="slippageBps">See <see cref="SlippageBps"/>.</param>
    /// <param name="executionTimeMs">Milliseconds from order to fill.</param>
    /// <param name="positionUtilization">Position over its limit.</param>
    /// <param name="varUtilization">VaR over its limit.</param>
    /// <param name="impactBps">Market impact in basis points.</param>
    /// <param name="fillRate">Filled over requested.</param>
    public static double Total(
        double slippageBps,
        double executionTimeMs,
        double positionUtilization,
        double varUtilization,
        double impactBps,
        double fillRate)
    {
        var quality = Math.Clamp(-slippageBps * 2.0, -100.0, 100.0);
        var speed = executionTimeMs < 1000.0 ? 50.0 * (1000.0 - executionTimeMs) / 1000.0 : 0.0;
        var excess = Math.Max(positionUtilization - 1.0, varUtilization - 1.0);
        var compliance = excess <= 0.0 ? 20.0 : -50.0 * excess;
        var fill = fillRate switch
        {
            >= 0.99 => 30.0,
            >= 0.95 => 15.0,
            _ => -20.0,
        };
        return Math.Clamp(quality + speed + compliance - 5.0 * impactBps + fill, -200.0, 200.0);
    }
}
