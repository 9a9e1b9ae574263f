namespace ExecutionPipeline.Quant;

/// <summary>
/// The square-root law of market impact with a temporal factor, MI = alpha sigma sqrt(Q / V) (1 - exp(-t / t0)).
/// Source: requirement document 2.2.2 and A.2, after Torre and Ferrari, BARRA Market Impact Model Handbook (1997).
/// </summary>
public static class SquareRootImpact
{
    /// <summary>alpha as the requirement document calibrates it for the E-mini S&amp;P 500 future.</summary>
    public const double CalibratedAlpha = 0.08;

    /// <summary>t0, in seconds.</summary>
    public const double DecaySeconds = 600.0;

    private const double BasisPoints = 10_000.0;

    /// <summary>Expected impact in basis points; 0 when the quantity or the volume is not positive.</summary>
    /// <param name="quantity">Contracts to trade.</param>
    /// <param name="averageDailyVolume">Contracts a day.</param>
    /// <param name="dailyVolatility">sigma, as a fraction.</param>
    /// <param name="durationSeconds">Time to trade in; not negative.</param>
    /// <param name="alpha">1, or <see cref="CalibratedAlpha"/>.</param>
    public static double Bps(
        double quantity,
        double averageDailyVolume,
        double dailyVolatility,
        double durationSeconds,
        double alpha = 1.0)
    {
        if (!(averageDailyVolume > 0) || !(quantity > 0))
            return 0;

        var participation = Math.Sqrt(quantity / averageDailyVolume);
        var temporal = 1.0 - Math.Exp(-durationSeconds / DecaySeconds);
        return alpha * dailyVolatility * participation * temporal * BasisPoints;
    }
}
