using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using static ExecutionPipeline.Messages.Wire.WireNull;

namespace ExecutionPipeline.Messages.Outbound;

/// <summary>
/// Outbound messages from ring events. Each method writes one message to the buffer's start and returns its length in
/// bytes; a buffer of <see cref="Schema.MaxEncodedLength"/> holds any. Equal events give equal bytes, padding and
/// absent fields included, so two runs are compared by their output. Times are the event's: no clock is read.
/// Each throws <see cref="ArgumentException"/> when the buffer is too short.
/// </summary>
public static class OutboundEncoder
{
    /// <summary>ORDER_STATUS_CHANGE: the order that the event sent, or that its report spoke of.</summary>
    public static int EncodeOrderStatusChange(
        ref readonly PipelineEvent e, InstrumentIds instruments, Span<byte> buffer)
    {
        var message = WriteOrder(e.Routing.Order, e.Header.TimeNs, instruments, buffer);
        if (e.Header.Kind == EventKind.ExecutionReport)
            AddExecution(message, in e.Payload.ExecutionReport, in e.Resolution, e.Routing.Disposition);

        return OrderStatusChangeEncoder.EncodedLength;
    }

    /// <summary>ORDER_STATUS_CHANGE: an order that was sent beside the event's own.</summary>
    public static int EncodeOrderSent(in OrderState order, long timeNs, InstrumentIds instruments, Span<byte> buffer)
    {
        WriteOrder(order, timeNs, instruments, buffer);
        return OrderStatusChangeEncoder.EncodedLength;
    }

    /// <summary>PARENT_ORDER_ENDED: what became of a parent order.</summary>
    public static int EncodeParentEnded(
        in ParentState parent, long timeNs, InstrumentIds instruments, Span<byte> buffer)
    {
        _ = new ParentOrderEndedEncoder(buffer)
        {
            TimeNs = timeNs,
            ParentId = parent.ParentId,
            SignalId = parent.SignalId,
            StartTimeNs = parent.StartTimeNs,
            ArrivalPriceE9 = NullIfZero(parent.ArrivalPriceE9),
            AveragePriceE9 = NullIfZero(parent.AveragePriceE9),
            InstrumentId = instruments[parent.InstrumentIndex],
            Quantity = parent.Quantity,
            Executed = parent.Executed,
            Children = parent.Children,
            Side = parent.Side,
            Strategy = parent.Strategy,
            Purpose = parent.Purpose,
        };
        return ParentOrderEndedEncoder.EncodedLength;
    }

    /// <summary>PARENT_ORDER_STATE: a parent order that an operator's command asked for.</summary>
    public static int EncodeParentState(
        ref readonly PipelineEvent e, in ParentState parent, InstrumentIds instruments, Span<byte> buffer)
    {
        _ = new ParentOrderStateEncoder(buffer)
        {
            TimeNs = e.Header.TimeNs,
            CommandId = e.Payload.Command.CommandId,
            ParentId = parent.ParentId,
            SignalId = parent.SignalId,
            StartTimeNs = parent.StartTimeNs,
            ArrivalPriceE9 = NullIfZero(parent.ArrivalPriceE9),
            AveragePriceE9 = NullIfZero(parent.AveragePriceE9),
            InstrumentId = instruments[parent.InstrumentIndex],
            Quantity = parent.Quantity,
            Executed = parent.Executed,
            Children = parent.Children,
            Side = parent.Side,
            Strategy = parent.Strategy,
            Purpose = parent.Purpose,
            State = parent.State,
        };
        return ParentOrderStateEncoder.EncodedLength;
    }

    /// <summary>POSITION_UPDATE: position and account as context left them after the event.</summary>
    public static int EncodePositionUpdate(ref readonly PipelineEvent e, InstrumentIds instruments, Span<byte> buffer)
    {
        ref readonly var portfolio = ref e.Portfolio;
        _ = new PositionUpdateEncoder(buffer)
        {
            TimeNs = e.Header.TimeNs,
            InstrumentId = instruments[e.Header.InstrumentIndex],
            Position = portfolio.Position,
            AveragePriceE9 = NullIfZero(portfolio.AveragePriceE9),
            MarkPriceE9 = NullIfZero(portfolio.MarkPriceE9),
            RealizedPnlE6 = portfolio.RealizedPnlE6,
            UnrealizedPnlE6 = portfolio.UnrealizedPnlE6,
            EquityE6 = portfolio.EquityE6,
            AvailableMarginE6 = portfolio.AvailableMarginE6,
            FeesE6 = portfolio.FeesE6,
            GrossNotionalE6 = portfolio.GrossNotionalE6,
            DailyDrawdown = portfolio.DailyDrawdown,
            DailyVar = portfolio.DailyVar,
            OpenPositions = portfolio.OpenPositions,
            WorkingOrders = e.Routing.WorkingOrders,
        };
        return PositionUpdateEncoder.EncodedLength;
    }

    /// <summary>TRADE_CLOSED: a trade that an execution ended.</summary>
    public static int EncodeTradeClosed(in ClosedTrade trade, InstrumentIds instruments, Span<byte> buffer)
    {
        _ = new TradeClosedEncoder(buffer)
        {
            TradeId = trade.TradeId,
            OrderId = trade.OrderId,
            EntryTimeNs = trade.EntryTimeNs,
            ExitTimeNs = trade.ExitTimeNs,
            EntryPriceE9 = NullIfZero(trade.EntryPriceE9),
            ExitPriceE9 = NullIfZero(trade.ExitPriceE9),
            GrossPnlE6 = trade.GrossPnlE6,
            FeesE6 = trade.FeesE6,
            NetPnlE6 = trade.NetPnlE6,
            InstrumentId = instruments[trade.InstrumentIndex],
            Quantity = trade.Quantity,
            Side = trade.Side,
            ExitReason = trade.ExitReason,
            Strategy = trade.Strategy,
            SignalId = trade.SignalId,
            ArrivalPriceE9 = NullIfZero(trade.ArrivalPriceE9),
            EntryFeesE6 = trade.EntryFeesE6,
            SlippageE6 = trade.SlippageE6,
            ExitSlippageE6 = trade.ExitSlippageE6,
            FavourableExcursionE9 = trade.FavourableE9,
            AdverseExcursionE9 = trade.AdverseE9,
            FillRate = trade.FillRate,
            QualityScore = trade.QualityScore,
        };
        return TradeClosedEncoder.EncodedLength;
    }

    /// <summary>
    /// DECISION: what was decided of a TRADE_QUALIFIED event or of an operator's command. For the latter no policy
    /// ran, so features and probabilities are null; so are the probabilities of a signal that was refused as late.
    /// </summary>
    public static int EncodeDecision(ref readonly PipelineEvent e, InstrumentIds instruments, Span<byte> buffer) =>
        EncodeDecision(in e, SignalAnswer.Of(in e), instruments, buffer);

    /// <summary>The same, of an event whose answer is at hand.</summary>
    public static int EncodeDecision(
        ref readonly PipelineEvent e, in SignalAnswer answer, InstrumentIds instruments, Span<byte> buffer)
    {
        var message = WriteDecision(in e, in answer, instruments[e.Header.InstrumentIndex], buffer);
        if (e.Header.Kind == EventKind.TradeQualified)
            AddPolicies(message, in e);

        return DecisionEncoder.EncodedLength;
    }

    /// <summary>
    /// DECISION again, of a signal that was answered before. What the policies saw and said is not kept.
    /// </summary>
    /// <param name="e">The signal's, now: gives the id, the time, and the figures of the account.</param>
    /// <param name="answer">What it was answered.</param>
    /// <param name="instruments">Give the id.</param>
    /// <param name="buffer">Is written to.</param>
    public static int EncodeRepeatedDecision(
        ref readonly PipelineEvent e, in SignalAnswer answer, InstrumentIds instruments, Span<byte> buffer)
    {
        var message = WriteDecision(in e, in answer, instruments[answer.InstrumentIndex], buffer);
        message.Action = answer.Action;
        message.IsRepeat = true;
        return DecisionEncoder.EncodedLength;
    }

    /// <summary>RISK_STATE: the risk stage's own state after an event that changed it.</summary>
    public static int EncodeRiskState(ref readonly PipelineEvent e, InstrumentIds instruments, Span<byte> buffer)
    {
        ref readonly var verdict = ref e.Verdict;
        _ = new RiskStateEncoder(buffer)
        {
            TimeNs = e.Header.TimeNs,
            CorrelationId = e.Header.CorrelationId,
            DailyDrawdown = e.Portfolio.DailyDrawdown,
            InstrumentId = instruments[e.Header.InstrumentIndex],
            Reason = e.Header.Kind == EventKind.Command ? e.Payload.Command.Reason : 0,
            IsKillSwitchLatched = verdict.KillSwitch != 0,
            KillCause = verdict.KillCause,
            Changes = verdict.Changes,
            Responses = verdict.Responses,
            VolatilityRegime = verdict.Volatility,
            MarketRegime = verdict.Regime,
            VolatilityBreaker = verdict.BreakerStateOf(BreakerKind.MarketVolatility),
            FailureBreaker = verdict.BreakerStateOf(BreakerKind.ExecutionFailure),
            VenueBreaker = verdict.BreakerStateOf(BreakerKind.VenueUnavailability),
            LoadBreaker = verdict.BreakerStateOf(BreakerKind.SystemLoad),
            AnswerBreaker = verdict.BreakerStateOf(BreakerKind.UnansweredOrder),
            IsEntriesStopped = verdict.EntriesStopped != 0,
            OperatorId = e.Header.Kind == EventKind.Command ? e.Payload.Command.OperatorId : 0,
        };
        return RiskStateEncoder.EncodedLength;
    }

    /// <summary>COMMAND_RESULT: what a command did, and the state after it.</summary>
    /// <param name="e">A command's. Of one on models only the command itself is read.</param>
    /// <param name="instruments">Give the id.</param>
    /// <param name="buffer">Is written to.</param>
    public static int EncodeCommandResult(ref readonly PipelineEvent e, InstrumentIds instruments, Span<byte> buffer)
    {
        ref readonly var command = ref e.Payload.Command;
        var isOnModels = e.Header.Kind == EventKind.Model;
        RoutingResult routing = isOnModels ? default : e.Routing;
        PortfolioSnapshot portfolio = isOnModels ? default : e.Portfolio;
        RiskVerdict verdict = isOnModels ? default : e.Verdict;
        _ = new CommandResultEncoder(buffer)
        {
            TimeNs = e.Header.TimeNs,
            CommandId = command.CommandId,
            ModelVersion = isOnModels ? command.ModelVersion : 0,
            EquityE6 = portfolio.EquityE6,
            RealizedPnlE6 = portfolio.RealizedPnlE6,
            UnrealizedPnlE6 = portfolio.UnrealizedPnlE6,
            DailyDrawdown = portfolio.DailyDrawdown,
            InstrumentId = instruments[e.Header.InstrumentIndex],
            Reason = command.Reason,
            Position = portfolio.Position,
            WorkingOrders = routing.WorkingOrders,
            CancelsSent = routing.CancelsSent,
            ClosingQuantity = verdict.ApprovedQuantity,
            TradesToday = verdict.TradesToday,
            OrdersInSecond = verdict.OrdersInSecond,
            Instruments = (byte)instruments.Count,
            Kind = command.Kind,
            Outcome = routing.Outcome,
            IsKillSwitchLatched = verdict.KillSwitch != 0,
            KillCause = verdict.KillCause,
            Changes = verdict.Changes,
            Breakers = verdict.BreakerStates,
            OperatorId = command.OperatorId,
            ParentsListed = command.Kind == CommandKind.Query ? (ushort)routing.ActionCount : (ushort)0,
            IsEntriesStopped = verdict.EntriesStopped != 0,
        };
        return CommandResultEncoder.EncodedLength;
    }

    private static OrderStatusChangeEncoder WriteOrder(
        in OrderState order, long timeNs, InstrumentIds instruments, Span<byte> buffer) => new(buffer)
        {
            TimeNs = timeNs,
            OrderId = order.OrderId,
            SignalId = order.SignalId,
            LimitPriceE9 = NullIfZero(order.LimitPriceE9),
            AveragePriceE9 = NullIfZero(order.AveragePriceE9),
            StopPriceE9 = NullIfZero(order.StopPriceE9),
            TargetPriceE9 = NullIfZero(order.TargetPriceE9),
            ArrivalPriceE9 = NullIfZero(order.ArrivalPriceE9),
            InstrumentId = instruments[order.InstrumentIndex],
            Quantity = order.Quantity,
            CumulativeQuantity = order.CumulativeQuantity,
            LeavesQuantity = order.LeavesQuantity,
            Status = order.Status,
            PreviousStatus = order.PreviousStatus,
            Side = order.Side,
            OrderType = order.Type,
            TimeInForce = order.TimeInForce,
            Strategy = order.Strategy,
            RejectReason = order.RejectReason,
            Purpose = order.Purpose,
        };

    private static DecisionEncoder WriteDecision(
        ref readonly PipelineEvent e, in SignalAnswer answer, uint instrumentId, Span<byte> buffer) => new(buffer)
        {
            TimeNs = e.Header.TimeNs,
            SignalId = e.Header.CorrelationId,
            OrderId = answer.OrderId,
            ParentId = NullIfZero(answer.ParentId),
            InstrumentId = instrumentId,
            RiskViolations = answer.Violations,
            Quantity = answer.Quantity,
            ApprovedQuantity = answer.Approved,
            ProjectedPosition = e.Verdict.ProjectedPosition,
            TradesToday = e.Verdict.TradesToday,
            Side = answer.Side,
            Strategy = answer.Strategy,
            Source = answer.Source,
            Outcome = answer.Outcome,
            SizeAction = answer.SizeAction,
            IsKillSwitchLatched = e.Verdict.KillSwitch != 0,
            IsReducing = answer.Reducing != 0,
            ProjectedNotionalE6 = e.Verdict.ProjectedNotionalE6,
            ProjectedVar = e.Verdict.ProjectedVar,
            DailyDrawdown = e.Portfolio.DailyDrawdown,
            StopPriceE9 = NullIfZero(answer.StopPriceE9),
            TargetPriceE9 = NullIfZero(answer.TargetPriceE9),
            ArrivalPriceE9 = NullIfZero(answer.ArrivalPriceE9),
            SizeCuts = answer.Cuts,
            Lateness = answer.Lateness,
            ModelVersion = answer.ModelVersion,
            IsCanary = answer.Canary != 0,
        };

    private static void AddPolicies(DecisionEncoder message, ref readonly PipelineEvent e)
    {
        ReadOnlySpan<float> features = e.Features;
        ReadOnlySpan<float> outputs = e.Decision.Outputs;
        message.Action = e.Payload.TradeQualified.Action;
        message.Features = features[..ContextFeatures.Count];
        message.SizeProbabilities = outputs.Slice(PolicyOutputs.SizeOffset, PolicyOutputs.SizeCount);
        message.StrategyProbabilities = outputs.Slice(PolicyOutputs.StrategyOffset, PolicyOutputs.StrategyCount);
        message.StopLossAtr = e.Decision.StopLossAtr;
        message.TakeProfitAtr = e.Decision.TakeProfitAtr;
    }

    /// <summary>The last quantity is what was booked of it: a reader that adds it up counts nothing twice.</summary>
    private static void AddExecution(
        OrderStatusChangeEncoder message,
        ref readonly ExecutionReport report,
        ref readonly ExecutionResolution resolution,
        ReportDisposition disposition)
    {
        message.ExecutionId = NullIfZero(report.ExecutionId);
        message.LastPriceE9 = NullIfZero(report.LastPriceE9);
        message.LastQuantity = resolution.Booked - resolution.Inferred;
        message.Disposition = disposition;
        message.InferredQuantity = resolution.Inferred;
        message.InferredExecutionId = NullIfZero(resolution.InferredExecutionId);
    }
}
