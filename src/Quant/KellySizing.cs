namespace ExecutionPipeline.Quant;

/// <summary>
/// Position sizing by the Kelly criterion with a penalty on variance, f* = (b p - q) / b - lambda sigma^2, clipped to
/// a largest share of equity. Source: Kelly, "A New Interpretation of Information Rate" (1956), with the penalty and
/// the caps of the requirement document, section 2.2.1 and appendix A.1.
/// </summary>
public static class KellySizing
{
    /// <summary>Lambda where nothing else is configured.</summary>
    public const double DefaultRiskAversion = 2.0;

    /// <summary>The largest share of equity that one trade may risk.</summary>
    public const double DefaultMaxFraction = 0.02;

    /// <summary>The largest trade, in contracts.</summary>
    public const int DefaultMaxContracts = 5;

    /// <summary>The stop distance that a contract's risk is counted with, in points.</summary>
    public const double DefaultStopPoints = 2.0;

    /// <summary>The Kelly fraction (b p - q) / b of equity; negative when the bet loses on average.</summary>
    /// <param name="winProbability">p in [0, 1].</param>
    /// <param name="payoffRatio">b, average win over average loss. At or below 0 there is nothing to win: 0.</param>
    public static double Fraction(double winProbability, double payoffRatio)
    {
        if (!(payoffRatio > 0) || !(winProbability > 0))
            return 0;

        return (payoffRatio * winProbability - (1.0 - winProbability)) / payoffRatio;
    }

    /// <summary>Sizes a trade.</summary>
    /// <param name="winProbability">p in [0, 1].</param>
    /// <param name="payoffRatio">b, average win over average loss.</param>
    /// <param name="equity">Account equity, in currency.</param>
    /// <param name="volatility">sigma, as a fraction.</param>
    /// <param name="pointValue">What a point of price is worth, in currency a contract.</param>
    /// <param name="riskAversion">lambda, at least 0.</param>
    /// <param name="stopPoints">The stop distance in points; positive.</param>
    /// <param name="maxFraction">The largest share of equity at risk.</param>
    /// <param name="maxContracts">The largest trade.</param>
    public static KellySize Size(
        double winProbability,
        double payoffRatio,
        double equity,
        double volatility,
        double pointValue,
        double riskAversion = DefaultRiskAversion,
        double stopPoints = DefaultStopPoints,
        double maxFraction = DefaultMaxFraction,
        int maxContracts = DefaultMaxContracts)
    {
        // A bet that cannot be won carries no penalty either: the document leaves before computing one.
        if (!(payoffRatio > 0) || !(winProbability > 0))
            return default;

        var fraction = Fraction(winProbability, payoffRatio);
        var adjusted = fraction - riskAversion * (volatility * volatility);
        var risked = Math.Clamp(adjusted, 0.0, maxFraction);
        var contracts = Math.Floor(equity * risked / (pointValue * stopPoints));
        return new KellySize(fraction, adjusted, risked, (int)Math.Clamp(contracts, 0.0, maxContracts));
    }

    /// <summary>
    /// Appendix A.1's small-fraction solution with a transaction cost: f* = (mu - T) / (sigma^2 (1 + 2 lambda)),
    /// clipped to [0, <paramref name="maxFraction"/>]. 0 when the variance is not positive.
    /// </summary>
    /// <param name="meanReturn">mu, expected return of the trade as a fraction.</param>
    /// <param name="transactionCost">T, as a fraction of the amount traded.</param>
    /// <param name="variance">sigma^2 of the return.</param>
    /// <param name="riskAversion">lambda, at least 0.</param>
    /// <param name="maxFraction">C, the largest share.</param>
    public static double CostAdjustedFraction(
        double meanReturn,
        double transactionCost,
        double variance,
        double riskAversion = DefaultRiskAversion,
        double maxFraction = DefaultMaxFraction)
    {
        if (!(variance > 0))
            return 0;

        var fraction = (meanReturn - transactionCost) / (variance * (1.0 + 2.0 * riskAversion));
        return Math.Clamp(fraction, 0.0, maxFraction);
    }
}
