using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Context;

/// <summary>The policies' input: the event's own figures, and the pipeline's where the event brings none.</summary>
public sealed partial class ContextStage
{
    private const double SecondNs = 1e9;
    private const double BasisPoints = 10_000.0;

    private void OnSignal(ref PipelineEvent e)
    {
        ref readonly var signal = ref e.Payload.TradeQualified;
        var market = CurrentMarket(ref e);
        WriteSnapshot(ref e, market);
        ref var snapshot = ref e.Portfolio;
        if (snapshot.MarkPriceE9 == 0)
            snapshot.MarkPriceE9 = signal.PriceE9;
        if (!double.IsNaN(signal.Atr))
            snapshot.AtrE9 = (long)Math.Min(Math.Round(signal.Atr * 1e9), long.MaxValue / 1024);
        if (snapshot.AtrE9 == 0)
            snapshot.AtrE9 = (long)(_defaultAtrFraction * snapshot.MarkPriceE9);

        snapshot.Volatility = Given(signal.Volatility, snapshot.Volatility);
        // What the engine believes never makes the account look better than it is.
        snapshot.DailyDrawdown = Math.Max(snapshot.DailyDrawdown, Given(signal.Drawdown, 0));

        e.Features = default;
        WriteDecision(ref e, signal);
        WriteMarket(ref e, signal, market);
        WritePortfolio(ref e, signal);
        var sinceSignalNs = Math.Max(0, e.Header.TimeNs - signal.SignalTimeNs);
        e.Features[Feature.TimeSinceSignal] = Finite(sinceSignalNs / SecondNs);
        e.Features[Feature.MarketSessionPct] = Finite(market.SessionProgress(e.Header.TimeNs));
    }

    private static void WriteDecision(ref PipelineEvent e, in TradeQualified signal)
    {
        e.Features[Feature.DecisionDirection] = signal.Action switch
        {
            TradeAction.Long => 1f,
            TradeAction.Short => -1f,
            _ => 0f,
        };
        e.Features[Feature.DecisionConfidence] = Finite(signal.Confidence);
        e.Features[Feature.SynergyStrength] = Finite(signal.SynergyStrength);
        e.Features[Feature.UrgencyFactor] = Finite(signal.Urgency);
    }

    private static void WriteMarket(ref PipelineEvent e, in TradeQualified signal, MarketState market)
    {
        var spreadBps = market.SpreadBps;
        if (!double.IsNaN(signal.BidAskSpread))
        {
            var midE9 = market.IsTwoSided ? market.MarkPriceE9 : signal.PriceE9;
            spreadBps = signal.BidAskSpread / (midE9 * 1e-9) * BasisPoints;
        }

        e.Features[Feature.BidAskSpreadBps] = Finite(spreadBps);
        e.Features[Feature.OrderBookDepth] = Finite(Given(signal.BookDepth, market.DepthRatio));
        e.Features[Feature.RecentVolumeIntensity] = Finite(Given(signal.VolumeIntensity, market.VolumeIntensity));
        e.Features[Feature.PriceVolatility1Min] = Finite(e.Portfolio.Volatility);
    }

    private void WritePortfolio(ref PipelineEvent e, in TradeQualified signal)
    {
        ref readonly var own = ref e.Portfolio;
        var equity = Given(signal.Equity, own.EquityE6 * 1e-6);
        var margin = Given(signal.AvailableMargin, Math.Max(0, own.AvailableMarginE6) * 1e-6);
        var unrealized = Given(signal.UnrealizedPnl, own.UnrealizedPnlE6 * 1e-6);
        var position = Given(signal.Position, own.Position);
        e.Features[Feature.CurrentPosition] = Finite(position);
        e.Features[Feature.AvailableMargin] = Finite(equity > 0 ? margin / equity : 0);
        e.Features[Feature.UnrealizedPnlPct] = Finite(equity > 0 ? unrealized / equity : 0);
        e.Features[Feature.VarUtilization] = Finite(own.DailyVar / _varLimit);
        e.Features[Feature.MaxPositionPct] = Finite(Math.Abs(position) / _positionLimit);
    }

    private static double Given(double value, double otherwise) => double.IsNaN(value) ? otherwise : value;

    /// <summary>A network answers an infinity with NaN, and a NaN is no decision.</summary>
    private static float Finite(double value) =>
        double.IsNaN(value) ? 0f : (float)Math.Clamp(value, float.MinValue, float.MaxValue);
}
