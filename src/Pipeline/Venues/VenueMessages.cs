using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Outbound;
using static ExecutionPipeline.Messages.Wire.WireNull;

namespace ExecutionPipeline.Pipeline.Venues;

/// <summary>
/// Requests to a venue in another process and its reports, between the wire and what the pipeline knows.
/// </summary>
internal static class VenueMessages
{
    /// <summary>No message of a venue's link is longer.</summary>
    public const int MaxBytes = 128;

    /// <summary>Writes a request on an order as it stands, or with other terms. Returns its length.</summary>
    /// <param name="buffer">Is written to.</param>
    /// <param name="stamp">Of the request.</param>
    /// <param name="kind">What is asked for.</param>
    /// <param name="order">Empty where the request concerns none.</param>
    /// <param name="terms">Of a replacement.</param>
    /// <param name="instrumentId">Of the order.</param>
    public static int WriteRequest(
        Span<byte> buffer,
        in RequestStamp stamp,
        VenueRequestKind kind,
        in Order order,
        in OrderTerms terms,
        uint instrumentId)
    {
        var isReplace = kind == VenueRequestKind.Replace;
        var limitE9 = isReplace ? terms.LimitPriceE9 : order.LimitPriceE9;
        var triggerE9 = isReplace ? terms.TriggerPriceE9 : order.TriggerPriceE9;
        _ = new VenueRequestEncoder(buffer)
        {
            Sequence = stamp.Sequence,
            Session = stamp.Session,
            TimeNs = stamp.TimeNs,
            OrderId = order.OrderId,
            LimitPriceE9 = NullIfZero(limitE9),
            StopPriceE9 = NullIfZero(triggerE9),
            ExpireTimeNs = order.ExpireNs,
            InstrumentId = instrumentId,
            Quantity = isReplace ? terms.Quantity : order.Quantity,
            PeakQuantity = order.PeakQuantity,
            RequestKind = kind,
            Side = order.Side,
            OrderType = order.Type,
            TimeInForce = order.TimeInForce,
        };
        return VenueRequestEncoder.EncodedLength;
    }

    /// <summary>A request as the venue takes it in.</summary>
    public static VenueRequest RequestOf(in VenueRequestDecoder request) => new()
    {
        OrderId = request.OrderId,
        LimitPriceE9 = ZeroIfNull(request.LimitPriceE9),
        TriggerPriceE9 = ZeroIfNull(request.StopPriceE9),
        ExpireNs = request.ExpireTimeNs,
        Session = request.Session,
        Number = request.Sequence,
        Quantity = request.Quantity,
        PeakQuantity = request.PeakQuantity,
        Kind = request.RequestKind,
        Side = request.Side,
        Type = request.OrderType,
        TimeInForce = request.TimeInForce,
    };

    /// <summary>The order that a request speaks of, in an instrument.</summary>
    public static Order OrderOf(in VenueRequest request, int instrument) => new()
    {
        OrderId = request.OrderId,
        InstrumentIndex = instrument,
        Side = request.Side,
        Type = request.Type,
        TimeInForce = request.TimeInForce,
        Quantity = request.Quantity,
        PeakQuantity = request.PeakQuantity,
        LimitPriceE9 = request.LimitPriceE9,
        TriggerPriceE9 = request.TriggerPriceE9,
        ExpireNs = request.ExpireNs,
    };

    /// <summary>The terms that a replacement asks for.</summary>
    public static OrderTerms TermsOf(in VenueRequest request) =>
        new(request.Quantity, request.LimitPriceE9, request.TriggerPriceE9);

    /// <summary>
    /// What a request is refused with that does not reach the market; the status is told of what is only asked after.
    /// </summary>
    public static ExecutionReportKind RefusalOf(VenueRequestKind kind) => kind switch
    {
        VenueRequestKind.NewOrder => ExecutionReportKind.Rejected,
        VenueRequestKind.Cancel => ExecutionReportKind.CancelRejected,
        VenueRequestKind.Replace => ExecutionReportKind.ReplaceRejected,
        _ => ExecutionReportKind.Status,
    };

    /// <summary>Writes a report. Returns its length.</summary>
    /// <param name="buffer">Is written to.</param>
    /// <param name="report">Of the venue.</param>
    /// <param name="sequence">The report's number.</param>
    /// <param name="instrumentId">Of the order; any where the report is of none.</param>
    public static int WriteReport(Span<byte> buffer, in ExecutionReport report, ulong sequence, uint instrumentId)
    {
        _ = new VenueReportEncoder(buffer)
        {
            Sequence = sequence,
            OrderId = report.OrderId,
            ExecutionId = report.ExecutionId == 0 ? WireNull.UInt64 : report.ExecutionId,
            LastPriceE9 = NullIfZero(report.LastPriceE9),
            FeesE6 = report.FeeE6,
            LimitPriceE9 = NullIfZero(report.LimitPriceE9),
            StopPriceE9 = NullIfZero(report.TriggerPriceE9),
            ExpireTimeNs = report.ExpireNs,
            VenueTimeNs = report.VenueTimeNs,
            InstrumentId = instrumentId,
            Quantity = report.OrderQuantity,
            LastQuantity = report.LastQuantity,
            CumulativeQuantity = report.CumulativeQuantity,
            LeavesQuantity = report.LeavesQuantity,
            ReleasedQuantity = report.ReleasedQuantity,
            PeakQuantity = report.PeakQuantity,
            ReportKind = (VenueReportKind)(byte)report.Kind,
            Side = report.Side,
            OrderType = report.Type,
            TimeInForce = report.TimeInForce,
            Status = report.Status,
            RejectReason = report.RejectReason,
        };
        return VenueReportEncoder.EncodedLength;
    }

    /// <summary>
    /// The report as the pipeline takes it in, which checks it as any other: its edge refuses one of an instrument that
    /// is not configured. The end of a list is of no instrument.
    /// </summary>
    public static ExecutionReport ReportOf(
        in VenueReportDecoder message, byte venue, InstrumentIds instruments) => new()
        {
            OrderId = message.OrderId,
            ExecutionId = ZeroIfNull(message.ExecutionId),
            Kind = (ExecutionReportKind)(byte)message.ReportKind,
            Side = message.Side,
            RejectReason = message.RejectReason,
            Venue = venue,
            InstrumentIndex = (byte)message.ReportKind == (byte)ExecutionReportKind.OpenOrdersEnd
                ? 0
                : instruments.IndexOf(message.InstrumentId),
            LastQuantity = message.LastQuantity,
            CumulativeQuantity = message.CumulativeQuantity,
            LeavesQuantity = message.LeavesQuantity,
            ReleasedQuantity = message.ReleasedQuantity,
            LastPriceE9 = ZeroIfNull(message.LastPriceE9),
            FeeE6 = message.FeesE6,
            VenueTimeNs = message.VenueTimeNs,
            OrderQuantity = message.Quantity,
            LimitPriceE9 = ZeroIfNull(message.LimitPriceE9),
            TriggerPriceE9 = ZeroIfNull(message.StopPriceE9),
            ExpireNs = message.ExpireTimeNs,
            PeakQuantity = message.PeakQuantity,
            Type = message.OrderType,
            TimeInForce = message.TimeInForce,
            Status = message.Status,
        };

    /// <summary>Writes a heartbeat. Returns its length.</summary>
    public static int WriteHeartbeat(Span<byte> buffer, ulong session, ulong sequence, long timeNs)
    {
        _ = new VenueHeartbeatEncoder(buffer) { Session = session, Sequence = sequence, TimeNs = timeNs };
        return VenueHeartbeatEncoder.EncodedLength;
    }
}

/// <summary>What a request is stamped with.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Session">The sender's.</param>
/// <param name="TimeNs">The event's, in nanoseconds since the Unix epoch.</param>
internal readonly record struct RequestStamp(ulong Sequence, ulong Session, long TimeNs);

/// <summary>A message in memory that is never moved, and one attempt to send it. For one thread.</summary>
internal sealed class VenueStream
{
    private readonly Publication _publication;
    private readonly byte[] _bytes = GC.AllocateArray<byte>(VenueMessages.MaxBytes, pinned: true);
    private readonly UnsafeBuffer _buffer;

    /// <param name="publication">Several threads may share it.</param>
    public VenueStream(Publication publication)
    {
        _publication = publication;
        _buffer = new UnsafeBuffer(_bytes);
    }

    public Span<byte> Message => _bytes;

    /// <summary>Sends the message's first bytes, without waiting. False when that cannot be done now.</summary>
    public bool TrySend(int length) => _publication.TryOffer(_buffer, length);
}
