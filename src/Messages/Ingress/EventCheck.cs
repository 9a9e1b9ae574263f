using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Ingress;

/// <summary>
/// Whether the input of an event is one that may be on the ring: every number finite and in its range, every
/// enumeration known, every instrument configured. Messages, reports of venues and recorded events are held to it
/// alike.
/// Each method answers true, or notes the first field that failed, and answers false.
/// </summary>
/// <param name="instrumentCount">How many instruments are configured.</param>
public sealed class EventCheck(int instrumentCount)
{
    private const int CanaryShareMaxBps = 10_000;

    /// <summary>Clocks that are kept differ by less; a wrong time zone by more.</summary>
    private const long MostAheadNs = 10 * 60 * 1_000_000_000L;

    /// <summary>The input of any event, a recorded one for instance. A command concerns one instrument there.</summary>
    public bool IsInput(in EventHeader header, in EventPayload payload, out Rejection rejection)
    {
        rejection = default;
        switch (header.Kind)
        {
            case EventKind.TradeQualified:
                return IsSignal(in header, in payload.TradeQualified, ref rejection);
            case EventKind.MarketUpdate:
                return IsMarketUpdate(in header, in payload.MarketUpdate, ref rejection);
            case EventKind.ExecutionReport:
                return IsReport(in payload.ExecutionReport, out rejection) &&
                    IsInstrument(header.InstrumentIndex, ref rejection);
            case EventKind.Command or EventKind.Model:
                return IsInstrument(header.InstrumentIndex, ref rejection) &&
                    IsCommand(in header, in payload.Command, ref rejection);
            case EventKind.Timer:
                return true;
            default:
                FieldCheck.Note(RejectReason.UnknownTemplate, RejectField.None, (double)header.Kind, ref rejection);
                return false;
        }
    }

    /// <summary>What a venue says of an order.</summary>
    public bool IsReport(in ExecutionReport report, out Rejection rejection)
    {
        rejection = default;
        if (IsKnown(in report, ref rejection) &&
            (report.IsOfVenue || FieldCheck.IsId(report.OrderId, RejectField.OrderId, ref rejection)) &&
            IsInstrument(report.InstrumentIndex, ref rejection) &&
            FieldCheck.IsCount(report.CumulativeQuantity, RejectField.CumulativeQuantity, ref rejection) &&
            FieldCheck.IsCount(report.LeavesQuantity, RejectField.LeavesQuantity, ref rejection) &&
            FieldCheck.IsCount(report.ReleasedQuantity, RejectField.LeavesQuantity, ref rejection) &&
            FieldCheck.IsCount(report.OrderQuantity, RejectField.Quantity, ref rejection) &&
            IsExecution(in report, ref rejection))
        {
            return true;
        }

        rejection.IsVenueReport = true;
        rejection.CorrelationId = report.OrderId;
        rejection.InstrumentId = WireNull.UInt32;
        return false;
    }

    /// <summary>
    /// Leaves out a venue's time that cannot be: below 0, or more than ten minutes ahead. All that the venue said later
    /// would be taken for older. The report stands, since what it tells of has happened.
    /// </summary>
    /// <param name="report">What a venue has said.</param>
    /// <param name="timeNs">The time of events now, in nanoseconds since 1970.</param>
    /// <param name="aheadNs">How far the system's clock is ahead of that: a venue's may be, too.</param>
    public static void LeaveOutStrangeTime(ref ExecutionReport report, long timeNs, long aheadNs = 0)
    {
        if (report.VenueTimeNs < 0 || report.VenueTimeNs - timeNs > MostAheadNs + Math.Max(aheadNs, 0))
            report.VenueTimeNs = 0;
    }

    internal bool IsSignal(in EventHeader header, in TradeQualified signal, ref Rejection rejection)
    {
        if (!FieldCheck.IsId(signal.SignalId, RejectField.SignalId, ref rejection) ||
            !IsInstrument(header.InstrumentIndex, ref rejection))
            return false;

        if (signal.Action > TradeAction.Short)
        {
            FieldCheck.Note(RejectReason.UnknownAction, RejectField.Action, (double)signal.Action, ref rejection);
            return false;
        }

        return FieldCheck.IsWithin(signal.Confidence, 0, 1, RejectField.Confidence, ref rejection) &&
            FieldCheck.IsWithin(signal.SynergyStrength, 0, 1, RejectField.SynergyStrength, ref rejection) &&
            FieldCheck.IsWithin(signal.Urgency, 0, 1, RejectField.Urgency, ref rejection) &&
            FieldCheck.IsPrice(signal.PriceE9, RejectField.Price, ref rejection) &&
            IsMarketContext(in signal, ref rejection) &&
            IsPortfolioState(in signal, ref rejection) &&
            FieldCheck.IsTime(signal.SignalTimeNs, RejectField.SignalTimeNs, ref rejection) &&
            FieldCheck.IsTime(signal.IntendedSendTimeNs, RejectField.IntendedSendTimeNs, ref rejection) &&
            FieldCheck.IsTime(signal.SendTimeNs, RejectField.SendTimeNs, ref rejection);
    }

    internal bool IsMarketUpdate(in EventHeader header, in MarketUpdate update, ref Rejection rejection) =>
        IsInstrument(header.InstrumentIndex, ref rejection) &&
        FieldCheck.IsLevel(
            update.BidPriceE9, update.BidQuantity, RejectField.BidPrice, RejectField.BidQuantity, ref rejection) &&
        FieldCheck.IsOrderCount(update.BidOrders, update.BidQuantity, RejectField.BidOrders, ref rejection) &&
        FieldCheck.IsLevel(
            update.AskPriceE9, update.AskQuantity, RejectField.AskPrice, RejectField.AskQuantity, ref rejection) &&
        FieldCheck.IsOrderCount(update.AskOrders, update.AskQuantity, RejectField.AskOrders, ref rejection) &&
        IsAggressor(in update, ref rejection) &&
        FieldCheck.IsLevel(
            update.TradePriceE9,
            update.TradeQuantity,
            RejectField.TradePrice,
            RejectField.TradeQuantity,
            ref rejection) &&
        FieldCheck.IsTime(update.ExchangeTimeNs, RejectField.ExchangeTimeNs, ref rejection) &&
        FieldCheck.IsTime(update.SendTimeNs, RejectField.SendTimeNs, ref rejection);

    internal bool IsCommand(in EventHeader header, in Command command, ref Rejection rejection)
    {
        var isOnModels = command.Kind is >= CommandKind.DeployModel and <= CommandKind.RollbackModel;
        var isPlain = command.Kind is >= CommandKind.Kill and <= CommandKind.Reconciled
            && Enum.IsDefined(command.Kind);
        if (!isOnModels && !isPlain && !IsOnLimit(in command) ||
            isOnModels != (header.Kind == EventKind.Model))
        {
            FieldCheck.Note(RejectReason.UnknownCommand, RejectField.Kind, (double)command.Kind, ref rejection);
            return false;
        }

        return (!isOnModels || IsOnModels(in command, ref rejection)) &&
            (!command.IsOnOrder || IsOnOrder(in command, ref rejection)) &&
            (header.InstrumentIndex == MessageReader.AllInstruments ||
                IsInstrument(header.InstrumentIndex, ref rejection)) &&
            FieldCheck.IsTime(command.SendTimeNs, RejectField.SendTimeNs, ref rejection);
    }

    private static bool IsMarketContext(in TradeQualified signal, ref Rejection rejection)
    {
        const double priceMax = FieldLimits.PriceMax, ratioMax = FieldLimits.RatioMax;
        return FieldCheck.IsAbsentOrWithin(signal.BidAskSpread, 0, priceMax, RejectField.BidAskSpread, ref rejection) &&
            FieldCheck.IsAbsentOrWithin(signal.BookDepth, 0, ratioMax, RejectField.BookDepth, ref rejection) &&
            FieldCheck.IsAbsentOrWithin(
                signal.VolumeIntensity, 0, ratioMax, RejectField.VolumeIntensity, ref rejection) &&
            FieldCheck.IsAbsentOrWithin(signal.Volatility, 0, ratioMax, RejectField.Volatility, ref rejection) &&
            FieldCheck.IsAbsentOrWithin(signal.Atr, 0, priceMax, RejectField.Atr, ref rejection);
    }

    private static bool IsPortfolioState(in TradeQualified signal, ref Rejection rejection)
    {
        const double moneyMax = FieldLimits.MoneyMax, positionMax = FieldLimits.PositionMax;
        return FieldCheck.IsAbsentOrWithin(
                signal.Position, -positionMax, positionMax, RejectField.Position, ref rejection) &&
            FieldCheck.IsAbsentOrWithin(
                signal.AvailableMargin, 0, moneyMax, RejectField.AvailableMargin, ref rejection) &&
            FieldCheck.IsAbsentOrWithin(
                signal.Equity, FieldLimits.EquityMin, moneyMax, RejectField.Equity, ref rejection) &&
            FieldCheck.IsAbsentOrWithin(
                signal.UnrealizedPnl, -moneyMax, moneyMax, RejectField.UnrealizedPnl, ref rejection) &&
            FieldCheck.IsAbsentOrWithin(signal.Drawdown, 0, 1, RejectField.Drawdown, ref rejection);
    }

    private static bool IsAggressor(in MarketUpdate update, ref Rejection rejection)
    {
        if (update.Aggressor == Side.None || (update.Aggressor <= Side.Sell && update.TradeQuantity != 0))
            return true;

        if (update.Aggressor > Side.Sell)
            FieldCheck.Note(RejectReason.UnknownSide, RejectField.Aggressor, (double)update.Aggressor, ref rejection);
        else
            FieldCheck.Note(RejectReason.MissingQuantity, RejectField.TradeQuantity, 0, ref rejection);

        return false;
    }

    /// <summary>A change of a limit, which no message can ask for: its limit is none.</summary>
    private static bool IsOnLimit(in Command command) =>
        command.Kind == CommandKind.SetLimit
        && command.Limit is > LimitKey.None and <= LimitKey.MaxMarketAgeMs
        && double.IsFinite(command.LimitValue);

    private static bool IsOnModels(in Command command, ref Rejection rejection)
    {
        if (command.NamesModels && command.ModelVersion == 0)
        {
            FieldCheck.Note(RejectReason.MissingId, RejectField.ModelPrefix, 0, ref rejection);
            return false;
        }

        if (command.Kind == CommandKind.CanaryModel && command.CanaryShareBps is not (> 0 and <= CanaryShareMaxBps))
        {
            FieldCheck.Note(RejectReason.OutOfRange, RejectField.CanaryShareBps, command.CanaryShareBps, ref rejection);
            return false;
        }

        return true;
    }

    private static bool IsOnOrder(in Command command, ref Rejection rejection)
    {
        if (!FieldCheck.IsId(command.ParentId, RejectField.ParentId, ref rejection))
            return false;
        if (command.Kind != CommandKind.AmendOrder || command.Quantity is > 0 and <= FieldLimits.QuantityMax)
            return true;

        FieldCheck.Note(RejectReason.OutOfRange, RejectField.Quantity, command.Quantity, ref rejection);
        return false;
    }

    private static bool IsKnown(in ExecutionReport report, ref Rejection rejection)
    {
        if ((report.Kind is < ExecutionReportKind.New or > ExecutionReportKind.VenueBack && !report.IsAdoption)
            || report.Status > OrderStatus.Suspended
            || report.Type > OrderType.StopLimit
            || report.TimeInForce > TimeInForce.GoodTillDate)
            FieldCheck.Note(RejectReason.UnknownReport, RejectField.None, (double)report.Kind, ref rejection);
        else if (!Enum.IsDefined(report.RejectReason))
            FieldCheck.Note(
                RejectReason.UnknownReport, RejectField.RejectReason, (double)report.RejectReason, ref rejection);
        else if (report.Side > Side.Sell)
            FieldCheck.Note(RejectReason.UnknownSide, RejectField.Side, (double)report.Side, ref rejection);
        else
            return true;

        return false;
    }

    /// <summary>
    /// A trade has an id, a side, a quantity and a price; nothing else has a quantity, but may tell an order's terms.
    /// Whether it fits what is known of its order is for the stages to say: an execution that surprises them has still
    /// happened.
    /// </summary>
    private static bool IsExecution(in ExecutionReport report, ref Rejection rejection)
    {
        if (report.Kind != ExecutionReportKind.Trade)
        {
            if (report.LastQuantity == 0)
                return AreTerms(in report, ref rejection);

            FieldCheck.Note(RejectReason.OutOfRange, RejectField.LastQuantity, report.LastQuantity, ref rejection);
            return false;
        }

        if (report.LastQuantity is < 1 or > FieldLimits.QuantityMax)
        {
            FieldCheck.Note(RejectReason.OutOfRange, RejectField.LastQuantity, report.LastQuantity, ref rejection);
            return false;
        }

        if (report.Side == Side.None)
        {
            FieldCheck.Note(RejectReason.UnknownSide, RejectField.Side, (double)report.Side, ref rejection);
            return false;
        }

        return FieldCheck.IsId(report.ExecutionId, RejectField.ExecutionId, ref rejection) &&
            FieldCheck.IsPrice(report.LastPriceE9, RejectField.LastPrice, ref rejection) &&
            FieldCheck.IsMoney(report.FeeE6, RejectField.Fees, ref rejection);
    }

    private static bool AreTerms(in ExecutionReport report, ref Rejection rejection) =>
        IsNoneOrPrice(report.LimitPriceE9, RejectField.LimitPrice, ref rejection) &&
        IsNoneOrPrice(report.TriggerPriceE9, RejectField.StopPrice, ref rejection) &&
        FieldCheck.IsCount(report.PeakQuantity, RejectField.PeakQuantity, ref rejection);

    private static bool IsNoneOrPrice(long priceE9, RejectField field, ref Rejection rejection) =>
        priceE9 == 0 || FieldCheck.IsPrice(priceE9, field, ref rejection);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsInstrument(int index, ref Rejection rejection)
    {
        if ((uint)index < (uint)instrumentCount)
            return true;

        FieldCheck.Note(RejectReason.UnknownInstrument, RejectField.InstrumentId, index, ref rejection);
        return false;
    }
}
