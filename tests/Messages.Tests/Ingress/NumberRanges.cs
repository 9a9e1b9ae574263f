using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Tests.Ingress;

/// <summary>The ranges of TRADE_QUALIFIED's numbers, written down a second time for the tests.</summary>
internal static class NumberRanges
{
    public static readonly (int Offset, RejectField Field, double Min, double Max, bool IsOptional)[] TradeQualified =
    [
        (TradeQualifiedLayout.ConfidenceOffset, RejectField.Confidence, 0, 1, false),
        (TradeQualifiedLayout.SynergyStrengthOffset, RejectField.SynergyStrength, 0, 1, false),
        (TradeQualifiedLayout.UrgencyOffset, RejectField.Urgency, 0, 1, false),
        (TradeQualifiedLayout.PriceOffset, RejectField.Price, 0.5e-9, 1e9, false),
        (TradeQualifiedLayout.BidAskSpreadOffset, RejectField.BidAskSpread, 0, 1e9, true),
        (TradeQualifiedLayout.BookDepthOffset, RejectField.BookDepth, 0, 1e6, true),
        (TradeQualifiedLayout.VolumeIntensityOffset, RejectField.VolumeIntensity, 0, 1e6, true),
        (TradeQualifiedLayout.VolatilityOffset, RejectField.Volatility, 0, 1e6, true),
        (TradeQualifiedLayout.AtrOffset, RejectField.Atr, 0, 1e9, true),
        (TradeQualifiedLayout.PositionOffset, RejectField.Position, -1e6, 1e6, true),
        (TradeQualifiedLayout.AvailableMarginOffset, RejectField.AvailableMargin, 0, 1e12, true),
        (TradeQualifiedLayout.EquityOffset, RejectField.Equity, 1e-6, 1e12, true),
        (TradeQualifiedLayout.UnrealizedPnlOffset, RejectField.UnrealizedPnl, -1e12, 1e12, true),
        (TradeQualifiedLayout.DrawdownOffset, RejectField.Drawdown, 0, 1, true),
    ];
}
