namespace ExecutionPipeline.Quant;

/// <summary>
/// Impact as fractions of price: temporary alpha sigma (Q / V)^beta, permanent gamma Q / ADV. Source: Almgren, Thum,
/// Hauptmann and Li, "Direct Estimation of Equity Market Impact" (2005); the linear price change is Kyle, "Continuous
/// Auctions and Insider Trading" (1985).
/// </summary>
public static class AlmgrenChrissImpact
{
    /// <summary>alpha sigma (Q / V)^beta, a fraction of price; 0 when quantity or trade size is not positive.</summary>
    public static double Temporary(
        double quantity,
        double averageTradeSize,
        double dailyVolatility,
        double alpha,
        double beta)
    {
        if (!(quantity > 0) || !(averageTradeSize > 0))
            return 0;

        return alpha * dailyVolatility * Math.Pow(quantity / averageTradeSize, beta);
    }

    /// <summary>gamma Q / ADV, a fraction of price; 0 when the volume is not positive.</summary>
    public static double Permanent(double quantity, double averageDailyVolume, double gamma) =>
        averageDailyVolume > 0 ? gamma * quantity / averageDailyVolume : 0;

    /// <summary>The two together in basis points.</summary>
    public static double TotalBps(double temporary, double permanent) => (temporary + permanent) * 10_000.0;

    /// <summary>lambda Q, in price units.</summary>
    public static double KylePriceChange(double quantity, double lambda) => lambda * quantity;
}
