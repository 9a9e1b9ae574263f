namespace ExecutionPipeline.Quant;

/// <summary>
/// A single instrument's position after an order, valued: requirement document 3.2.1. The document's z of 2.33 is
/// 99 % rounded; pass <see cref="NormalDistribution.Quantile"/> for the exact one.
/// </summary>
/// <param name="Position">Signed contracts.</param>
/// <param name="Notional">|position| x price x point value, in currency.</param>
/// <param name="DailyVar">Notional x daily volatility x z, in currency.</param>
public readonly record struct PositionProjection(int Position, double Notional, double DailyVar)
{
    /// <summary>Values the position that an order leads to.</summary>
    /// <param name="currentPosition">Signed contracts held.</param>
    /// <param name="quantity">Signed contracts ordered.</param>
    /// <param name="price">Price of a contract, in points.</param>
    /// <param name="pointValue">What a point is worth, in currency a contract.</param>
    /// <param name="dailyVolatility">As a fraction.</param>
    /// <param name="z">Quantile of the VaR's confidence.</param>
    public static PositionProjection After(
        int currentPosition,
        int quantity,
        double price,
        double pointValue,
        double dailyVolatility,
        double z)
    {
        var position = checked(currentPosition + quantity);
        var notional = Math.Abs((double)position) * price * pointValue;
        return new PositionProjection(position, notional, notional * dailyVolatility * z);
    }
}
