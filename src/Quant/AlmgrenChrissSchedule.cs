namespace ExecutionPipeline.Quant;

/// <summary>
/// The discrete optimal liquidation of Almgren and Chriss, "Optimal Execution of Portfolio Transactions" (2000),
/// with cosh(kappa tau) = 1 + tau^2 lambda sigma^2 / (2 eta~) and eta~ = eta - gamma tau / 2.
/// Quantities in shares or contracts, time in days, money in currency.
/// </summary>
public static class AlmgrenChrissSchedule
{
    /// <summary>kappa, 1 / days; 0 when the trader is indifferent to risk.</summary>
    /// <exception cref="ArgumentOutOfRangeException">eta~ is not positive: the interval is too long.</exception>
    public static double Kappa(in AlmgrenChrissParameters parameters)
    {
        var tau = parameters.IntervalDays;
        var eta = AdjustedEta(parameters);
        // cosh x - 1 = 2 sinh^2(x/2): the difference of two numbers near 1 would lose half of the digits.
        var half = tau * parameters.Volatility * Math.Sqrt(parameters.RiskAversion / (4.0 * eta));
        return 2.0 * Math.Asinh(half) / tau;
    }

    /// <summary>
    /// What is left to trade at each of the N + 1 times, from X down to 0.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="holdings"/> has not N + 1 places.</exception>
    public static void Holdings(in AlmgrenChrissParameters parameters, Span<double> holdings)
    {
        if (holdings.Length != parameters.Intervals + 1)
            throw new ArgumentException("A schedule of N intervals has N + 1 holdings.", nameof(holdings));

        var decay = Kappa(parameters) * parameters.HorizonDays;
        for (var j = 0; j <= parameters.Intervals; j++)
        {
            var timeLeft = (double)(parameters.Intervals - j) / parameters.Intervals;
            holdings[j] = parameters.Quantity * ShareLeft(decay, timeLeft);
        }

        holdings[0] = parameters.Quantity;
    }

    /// <summary>What is still held: sinh(kappa (T - t)) / sinh(kappa T), a share in [0, 1].</summary>
    /// <param name="decay">kappa T, dimensionless; 0 or more, and 0 trades evenly.</param>
    /// <param name="timeLeft">(T - t) / T, in [0, 1].</param>
    public static double ShareLeft(double decay, double timeLeft)
    {
        if (decay == 0)
            return timeLeft;

        if (decay < 300.0)
            return Math.Sinh(decay * timeLeft) / Math.Sinh(decay);

        // Both sinh overflow for an impatient trader; the exponential of their difference does not.
        return Math.Exp(-decay * (1.0 - timeLeft)) * (1.0 - Math.Exp(-2.0 * decay * timeLeft));
    }

    /// <summary>Expected cost of the holdings' schedule: gamma X^2 / 2 + eps X + eta~ / tau sum n^2.</summary>
    public static double ExpectedCost(in AlmgrenChrissParameters parameters, ReadOnlySpan<double> holdings)
    {
        var squares = 0.0;
        for (var j = 1; j < holdings.Length; j++)
        {
            var traded = holdings[j - 1] - holdings[j];
            squares += traded * traded;
        }

        var quantity = parameters.Quantity;
        return 0.5 * parameters.PermanentImpact * quantity * quantity
            + parameters.HalfSpread * Math.Abs(quantity)
            + AdjustedEta(parameters) / parameters.IntervalDays * squares;
    }

    /// <summary>Variance of the cost: sigma^2 tau sum x_j^2 over what is held after each trade.</summary>
    public static double CostVariance(in AlmgrenChrissParameters parameters, ReadOnlySpan<double> holdings)
    {
        var squares = 0.0;
        for (var j = 1; j < holdings.Length; j++)
            squares += holdings[j] * holdings[j];
        return parameters.Volatility * parameters.Volatility * parameters.IntervalDays * squares;
    }

    private static double AdjustedEta(in AlmgrenChrissParameters parameters)
    {
        var eta = parameters.TemporaryImpact - 0.5 * parameters.PermanentImpact * parameters.IntervalDays;
        if (!(eta > 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(parameters),
                eta,
                "eta - gamma tau / 2 must be positive: use more intervals, or a larger temporary impact.");
        }

        return eta;
    }
}
