using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Brackets;

/// <summary>
/// Where a decision's stop and target lie, as they will be placed: on the tick, at the decision's multiples of the
/// average true range from the price that it was made at. A stop is no nearer than that, a target lies at the nearest
/// tick, and both are a tick away at least. What a position is sized by is the same stop, so that a stop loses what was
/// planned. All of it follows from the event.
/// </summary>
public static class BracketLevels
{
    /// <summary>The nearest that a stop may be, as a share of the price: 2 points of ES at 5,000.</summary>
    private const double StopDistanceMin = 4e-4;

    /// <summary>The stop-loss level in 1e-9; 0 when the decision has none.</summary>
    public static long StopE9(Instrument instrument, in PortfolioSnapshot market, in Decision decision)
    {
        var distanceE9 = decision.StopLossAtr * (double)market.AtrE9;
        if (!(distanceE9 > 0))
            return 0;

        return LevelE9(instrument, market, decision, -Math.Max(distanceE9, StopDistanceMin * market.MarkPriceE9));
    }

    /// <summary>The take-profit level in 1e-9; 0 when the decision has none.</summary>
    public static long TargetE9(Instrument instrument, in PortfolioSnapshot market, in Decision decision) =>
        LevelE9(instrument, market, decision, decision.TakeProfitAtr * (double)market.AtrE9);

    /// <summary>What the stop loses, in 1e-9 of a point; 0 when the decision has none.</summary>
    public static long StopDistanceE9(Instrument instrument, in PortfolioSnapshot market, in Decision decision)
    {
        var stopE9 = StopE9(instrument, market, decision);
        return stopE9 == 0 ? 0 : Math.Abs(market.MarkPriceE9 - stopE9);
    }

    /// <summary>A level that lies a gain (or, negative, a loss) away, at least a tick; 0 when there is no distance.
    /// </summary>
    private static long LevelE9(
        Instrument instrument, in PortfolioSnapshot market, in Decision decision, double gainE9)
    {
        if (gainE9 == 0 || !double.IsFinite(gainE9) || decision.Side == Side.None)
            return 0;

        var sign = decision.Side == Side.Buy ? 1 : -1;
        var tickE9 = instrument.TickSizeE9;
        var stepE9 = Math.Sign(gainE9) * sign * tickE9;
        var moveE9 = sign * Math.CopySign(Math.Max(Math.Abs(gainE9), tickE9), gainE9);
        var wantedE9 = (long)Math.Clamp(market.MarkPriceE9 + moveE9, 0, instrument.MaxPriceE9);
        var levelE9 = instrument.RoundToTickE9(wantedE9);
        // Half a tick nearer is much of a distance of a few ticks, and a level at the mark would be none.
        var isTooNear = gainE9 < 0 && (stepE9 > 0 ? levelE9 < wantedE9 : levelE9 > wantedE9);
        if (isTooNear || Math.Abs(levelE9 - market.MarkPriceE9) < tickE9)
            levelE9 += stepE9;

        return Math.Clamp(levelE9, tickE9, instrument.MaxPriceE9 / tickE9 * tickE9);
    }
}
