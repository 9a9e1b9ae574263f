namespace ExecutionPipeline.Quant;

/// <summary>Risk from a sample of past returns, with no assumption of their distribution.</summary>
public static class HistoricalRisk
{
    /// <summary>
    /// Expected shortfall: minus the mean of the ceil(n (1 - confidence)) worst returns, a fraction of the portfolio's
    /// value, positive for a loss. Source: Acerbi and Tasche, "On the coherence of expected shortfall" (2002).
    /// </summary>
    /// <param name="returns">Returns as fractions; sorted in place, so that nothing is allocated.</param>
    /// <param name="confidence">Strictly between 0 and 1.</param>
    /// <exception cref="ArgumentException">There is no return.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not strictly between 0 and 1.</exception>
    public static double ExpectedShortfall(Span<double> returns, double confidence)
    {
        if (returns.IsEmpty)
            throw new ArgumentException("Expected shortfall needs at least one return.", nameof(returns));
        if (!(confidence > 0) || !(confidence < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Set a confidence between 0 and 1.");

        returns.Sort();
        var count = TailCount(returns.Length, confidence);
        var sum = 0.0;
        for (var i = 0; i < count; i++)
            sum += returns[i];
        return -sum / count;
    }

    /// <summary>Returns in the tail: ceil(n (1 - confidence)), at least 1.</summary>
    public static int TailCount(int returns, double confidence)
    {
        // 1 - 0.95 is a hair above 0.05 in binary: without the slack, 20 of 400 would count as 21.
        var exact = returns * (1.0 - confidence);
        return Math.Clamp((int)Math.Ceiling(exact - 1e-9), 1, returns);
    }
}
