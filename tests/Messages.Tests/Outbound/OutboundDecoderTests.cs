using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Outbound;
using ExecutionPipeline.Messages.Wire;
using WireSchema = ExecutionPipeline.Messages.Wire.Schema;

namespace ExecutionPipeline.Messages.Tests.Outbound;

/// <summary>The decoders of outbound messages read what the encoder wrote of an event.</summary>
public class OutboundDecoderTests
{
    private static readonly InstrumentIds Instruments = new(10, 20, 30);
    private readonly byte[] _buffer = new byte[WireSchema.MaxEncodedLength];

    [Test]
    public void ShouldReadTheOrderWhenOrderStatusChangeIsDecoded()
    {
        var e = SampleEvents.Execution();
        OutboundEncoder.EncodeOrderStatusChange(in e, Instruments, _buffer);
        Assert.That(OrderStatusChangeDecoder.TryWrap(_buffer, out var d), Is.True);
        Assert.That(
            new object[]
            {
                d.TimeNs, d.OrderId, d.SignalId, d.ExecutionId, d.LimitPriceE9, d.AveragePriceE9, d.LastPriceE9,
                d.StopPriceE9, d.TargetPriceE9, d.ArrivalPriceE9, d.InstrumentId, d.Quantity, d.CumulativeQuantity,
                d.LeavesQuantity, d.LastQuantity, d.Status, d.PreviousStatus, d.Side, d.OrderType, d.TimeInForce,
                d.Strategy, d.RejectReason, d.Disposition, d.InferredQuantity, d.InferredExecutionId,
            },
            Is.EqualTo(new object[]
            {
                e.Header.TimeNs, 501ul, 77ul, 601ul, 11L, 12L, 4812_500_000_000, 13L, 14L, 15L, 20u, 5, 2, 3, 2,
                OrderStatus.PartiallyFilled, OrderStatus.New, Side.Sell, OrderType.Limit, TimeInForce.ImmediateOrCancel,
                ExecutionStrategy.VwapAggressive, VenueRejectReason.TooManyOrders,
                ReportDisposition.Inferred, 3, 1UL << 63,
            }));
    }

    [Test]
    public void ShouldReadTheAccountWhenPositionUpdateIsDecoded()
    {
        var e = SampleEvents.Execution();
        OutboundEncoder.EncodePositionUpdate(in e, Instruments, _buffer);
        Assert.That(PositionUpdateDecoder.TryWrap(_buffer, out var d), Is.True);
        Assert.That(
            new object[]
            {
                d.TimeNs, d.InstrumentId, d.Position, d.AveragePriceE9, d.MarkPriceE9, d.RealizedPnlE6,
                d.UnrealizedPnlE6, d.EquityE6, d.AvailableMarginE6, d.FeesE6, d.GrossNotionalE6, d.DailyDrawdown,
                d.DailyVar, d.OpenPositions, d.WorkingOrders,
            },
            Is.EqualTo(new object[]
            {
                e.Header.TimeNs, 20u, -4, 22L, 21L, 23L, -24L, 25L, 26L, 28L, 27L, 0.03, 4321.5, 2, 9,
            }));
    }

    [Test]
    public void ShouldReadTheRoundTripWhenTradeClosedIsDecoded()
    {
        var e = SampleEvents.Execution();
        OutboundEncoder.EncodeTradeClosed(SampleEvents.Closed(), Instruments, _buffer);
        Assert.That(TradeClosedDecoder.TryWrap(_buffer, out var d), Is.True);
        Assert.That(
            new object[]
            {
                d.TradeId, d.OrderId, d.EntryTimeNs, d.ExitTimeNs, d.EntryPriceE9, d.ExitPriceE9, d.GrossPnlE6,
                d.FeesE6, d.NetPnlE6, d.InstrumentId, d.Quantity, d.Side, d.ExitReason,
            },
            Is.EqualTo(new object[]
            {
                31ul, 501ul, e.Header.TimeNs - 1_000, e.Header.TimeNs, 4800_000_000_000, 4812_500_000_000,
                1_250_000_000L, 15_200_000L, 1_234_800_000L, 20u, 2, Side.Buy, ExitReason.Reversal,
            }));
    }

    [Test]
    public void ShouldReadTheDecisionWhenDecisionIsDecoded()
    {
        var e = SampleEvents.Signal();
        OutboundEncoder.EncodeDecision(in e, Instruments, _buffer);
        Assert.That(DecisionDecoder.TryWrap(_buffer, out var d), Is.True);
        Assert.That(
            new object[]
            {
                d.TimeNs, d.SignalId, d.OrderId, d.InstrumentId, d.RiskViolations, d.Quantity, d.ApprovedQuantity,
                d.ProjectedPosition, d.TradesToday, d.Action, d.Side, d.Strategy, d.Source, d.Outcome, d.SizeAction,
                d.IsKillSwitchLatched, d.IsReducing, d.StopLossAtr, d.TakeProfitAtr, d.ProjectedNotionalE6,
                d.ProjectedVar, d.DailyDrawdown, d.StopPriceE9, d.TargetPriceE9, d.ArrivalPriceE9,
                d.GetFeature(0), d.GetFeature(14), d.GetSizeProbability(0), d.GetSizeProbability(4),
                d.GetStrategyProbability(0), d.GetStrategyProbability(3), d.SizeCuts, d.Lateness,
                d.ModelVersion, d.IsCanary,
            },
            Is.EqualTo(new object[]
            {
                e.Header.TimeNs, 77ul, 501ul, 20u, RiskViolations.Position | RiskViolations.NoMarket, 3, 2, -7, 12,
                TradeAction.Short, Side.Sell, ExecutionStrategy.Iceberg, DecisionSource.OnnxRuntime,
                RoutingOutcome.OrderSent, (byte)4, true, true, 1.5f, 2.5f, 123_456_789L, 8400.5, 0.03, 13L, 14L, 15L,
                100f, 114f, 200f, 204f, 205f, 208f, SizeCuts.Cap | SizeCuts.Risk, DecisionLateness.AgedEvent,
                0xFEDC_BA98_7654_3210ul, true,
            }));
    }
}
