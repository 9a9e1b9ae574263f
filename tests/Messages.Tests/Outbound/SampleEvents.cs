using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Tests.Outbound;

/// <summary>Ring events as the stages leave them, each field with a value of its own.</summary>
internal static class SampleEvents
{
    public const long TimeNs = 1_700_000_000_000_000_000;

    public static PipelineEvent Signal()
    {
        var e = default(PipelineEvent);
        e.Header = new EventHeader
        {
            Kind = EventKind.TradeQualified,
            InstrumentIndex = 1,
            TimeNs = TimeNs,
            CorrelationId = 77,
        };
        e.Payload.TradeQualified.SignalId = 77;
        e.Payload.TradeQualified.Action = TradeAction.Short;
        for (var i = 0; i < ContextFeatures.Count; i++)
            e.Features[i] = 100 + i;
        for (var i = 0; i < PolicyOutputs.Count; i++)
            e.Decision.Outputs[i] = 200 + i;

        e.Decision.Quantity = 3;
        e.Decision.Side = Side.Sell;
        e.Decision.Strategy = ExecutionStrategy.Iceberg;
        e.Decision.Source = DecisionSource.OnnxRuntime;
        e.Decision.SizeAction = 4;
        e.Decision.StopLossAtr = 1.5f;
        e.Decision.TakeProfitAtr = 2.5f;
        e.Decision.Cuts = SizeCuts.Cap;
        e.Decision.Lateness = DecisionLateness.AgedEvent;
        e.Decision.ModelVersion = 0xFEDC_BA98_7654_3210;
        e.Decision.Canary = 1;
        e.Verdict = new RiskVerdict
        {
            ApprovedQuantity = 2,
            Violations = RiskViolations.Position | RiskViolations.NoMarket,
            ProjectedPosition = -7,
            TradesToday = 12,
            ProjectedNotionalE6 = 123_456_789,
            ProjectedVar = 8400.5,
            KillSwitch = 1,
            Reducing = 1,
            ParentId = 41,
        };
        e.Routing = Routing();
        e.Portfolio = Portfolio();
        return e;
    }

    public static PipelineEvent Execution()
    {
        var e = default(PipelineEvent);
        e.Header = new EventHeader
        {
            Kind = EventKind.ExecutionReport,
            InstrumentIndex = 1,
            TimeNs = TimeNs,
            CorrelationId = 501,
        };
        e.Payload.ExecutionReport = new ExecutionReport
        {
            OrderId = 501,
            ExecutionId = 601,
            Kind = ExecutionReportKind.Trade,
            LastQuantity = 2,
            LastPriceE9 = 4812_500_000_000,
        };
        e.Resolution = new ExecutionResolution
        {
            Booked = 5,
            Inferred = 3,
            InferredExecutionId = 1UL << 63,
            Disposition = ReportDisposition.Inferred,
        };
        e.Routing = Routing();
        e.Portfolio = Portfolio();
        return e;
    }

    private static RoutingResult Routing() => new()
    {
        Outcome = RoutingOutcome.OrderSent,
        Disposition = ReportDisposition.Inferred,
        WorkingOrders = 9,
        Order = new OrderState
        {
            OrderId = 501,
            SignalId = 77,
            Status = OrderStatus.PartiallyFilled,
            PreviousStatus = OrderStatus.New,
            Side = Side.Sell,
            Type = OrderType.Limit,
            TimeInForce = TimeInForce.ImmediateOrCancel,
            Strategy = ExecutionStrategy.VwapAggressive,
            RejectReason = VenueRejectReason.TooManyOrders,
            Purpose = OrderPurpose.TakeProfit,
            Quantity = 5,
            CumulativeQuantity = 2,
            LeavesQuantity = 3,
            InstrumentIndex = 1,
            LimitPriceE9 = 11,
            AveragePriceE9 = 12,
            StopPriceE9 = 13,
            TargetPriceE9 = 14,
            ArrivalPriceE9 = 15,
        },
    };

    /// <summary>A trade that was closed, of the second instrument.</summary>
    public static ClosedTrade Closed() => new()
    {
        TradeId = 31,
        SignalId = 77,
        OrderId = 501,
        EntryTimeNs = TimeNs - 1_000,
        ExitTimeNs = TimeNs,
        EntryPriceE9 = 4800_000_000_000,
        ExitPriceE9 = 4812_500_000_000,
        ArrivalPriceE9 = 15,
        GrossPnlE6 = 1_250_000_000,
        EntryFeesE6 = 7_000_000,
        ExitFeesE6 = 8_200_000,
        SlippageE6 = -4,
        ExitSlippageE6 = 5,
        FavourableE9 = 6,
        AdverseE9 = 7,
        FillRate = 0.5f,
        QualityScore = 0.75f,
        Quantity = 2,
        InstrumentIndex = 1,
        Side = Side.Buy,
        Strategy = ExecutionStrategy.Iceberg,
        ExitReason = ExitReason.Reversal,
    };

    /// <summary>A parent order that has ended, of the second instrument.</summary>
    public static ParentState Parent() => new()
    {
        ParentId = 41,
        SignalId = 77,
        StartTimeNs = TimeNs - 1_000,
        ArrivalPriceE9 = 15,
        AveragePriceE9 = 12,
        Quantity = 5,
        Executed = 2,
        Children = 3,
        InstrumentIndex = 1,
        Side = Side.Sell,
        Strategy = ExecutionStrategy.Adaptive,
        Purpose = OrderPurpose.Close,
        State = ParentOrderState.Paused,
    };

    private static PortfolioSnapshot Portfolio() => new()
    {
        MarkPriceE9 = 21,
        Position = -4,
        OpenPositions = 2,
        AveragePriceE9 = 22,
        RealizedPnlE6 = 23,
        UnrealizedPnlE6 = -24,
        EquityE6 = 25,
        AvailableMarginE6 = 26,
        GrossNotionalE6 = 27,
        FeesE6 = 28,
        DailyDrawdown = 0.03,
        DailyVar = 4321.5,
    };
}
