namespace ExecutionPipeline.Quant;

/// <summary>Falls of equity as fractions.</summary>
public static class Drawdown
{
    /// <summary>
    /// (start - current) / start, 0 when above. An account that starts with nothing and is below that has lost
    /// everything: 1.
    /// </summary>
    public static double FromStart(double start, double current)
    {
        if (current >= start)
            return 0;

        return start > 0 ? (start - current) / start : 1;
    }

    /// <summary>The largest fall from a running peak over a series of equities.</summary>
    public static double Maximum(ReadOnlySpan<double> equities)
    {
        var largest = 0.0;
        var peak = double.NegativeInfinity;
        foreach (var equity in equities)
        {
            peak = Math.Max(peak, equity);
            largest = Math.Max(largest, FromStart(peak, equity));
        }

        return largest;
    }
}
