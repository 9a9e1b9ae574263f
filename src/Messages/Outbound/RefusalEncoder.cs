using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Outbound;

/// <summary>
/// What was refused, and by whom: RISK_VIOLATION and EXECUTION_ERROR. Its methods keep what
/// <see cref="OutboundEncoder"/> says of all outbound messages.
/// </summary>
public static class RefusalEncoder
{
    /// <summary>RISK_VIOLATION: one limit that a signal's order would break, with what it is held against.</summary>
    /// <param name="e">A signal's.</param>
    /// <param name="violation">One bit.</param>
    /// <param name="limit">NaN where there is no number.</param>
    /// <param name="value">NaN where there is no number.</param>
    /// <param name="instruments">Give the id.</param>
    /// <param name="buffer">Is written to.</param>
    public static int EncodeRiskViolation(
        ref readonly PipelineEvent e,
        RiskViolations violation,
        double limit,
        double value,
        InstrumentIds instruments,
        Span<byte> buffer)
    {
        _ = new RiskViolationEncoder(buffer)
        {
            TimeNs = e.Header.TimeNs,
            SignalId = e.Header.CorrelationId,
            LimitValue = limit,
            Value = value,
            InstrumentId = instruments[e.Header.InstrumentIndex],
            Violation = violation,
            Quantity = e.Decision.Quantity,
            ApprovedQuantity = e.Verdict.ApprovedQuantity,
        };
        return RiskViolationEncoder.EncodedLength;
    }

    /// <summary>
    /// EXECUTION_ERROR for what a venue, risk or routing refused: see <see cref="ErrorCodeOf"/>. The value is the
    /// quantity that was refused: a venue's report names it, a signal's was decided, a command's is routing's.
    /// </summary>
    public static int EncodeExecutionError(ref readonly PipelineEvent e, InstrumentIds instruments, Span<byte> buffer)
    {
        var code = ErrorCodeOf(in e);
        var isVenue = code == ExecutionErrorCode.VenueRejected;
        _ = new ExecutionErrorEncoder(buffer)
        {
            TimeNs = e.Header.TimeNs,
            CorrelationId = isVenue ? e.Payload.ExecutionReport.OrderId : e.Header.CorrelationId,
            Value = e.Header.Kind switch
            {
                EventKind.ExecutionReport => e.Payload.ExecutionReport.ReleasedQuantity,
                EventKind.TradeQualified => e.Decision.Quantity,
                _ => e.Verdict.ApprovedQuantity,
            },
            InstrumentId = instruments[e.Header.InstrumentIndex],
            Reason = code switch
            {
                ExecutionErrorCode.VenueRejected => (uint)e.Payload.ExecutionReport.RejectReason,
                ExecutionErrorCode.VenueLost or ExecutionErrorCode.VenueBack => e.Payload.ExecutionReport.Venue,
                ExecutionErrorCode.RiskRefused => (uint)e.Verdict.Violations,
                ExecutionErrorCode.Late => (uint)e.Decision.Lateness,
                _ => 0,
            },
            RefusedTemplateId = e.Header.Kind switch
            {
                EventKind.TradeQualified => TradeQualifiedLayout.TemplateId,
                EventKind.Command => CommandLayout.TemplateId,
                _ => 0,
            },
            Code = code,
        };
        return ExecutionErrorEncoder.EncodedLength;
    }

    /// <summary>EXECUTION_ERROR for a request that a venue has not answered in time.</summary>
    public static int EncodeUnanswered(in Inquiry inquiry, long timeNs, InstrumentIds instruments, Span<byte> buffer)
    {
        _ = new ExecutionErrorEncoder(buffer)
        {
            TimeNs = timeNs,
            CorrelationId = inquiry.OrderId,
            Value = inquiry.Count,
            InstrumentId = instruments[inquiry.InstrumentIndex],
            Code = ExecutionErrorCode.Unanswered,
        };
        return ExecutionErrorEncoder.EncodedLength;
    }

    /// <summary>EXECUTION_ERROR for a message that did not pass the edge; a value not finite becomes null.</summary>
    public static int EncodeRejection(in Rejection rejection, long timeNs, Span<byte> buffer)
    {
        _ = new ExecutionErrorEncoder(buffer)
        {
            TimeNs = timeNs,
            CorrelationId = rejection.CorrelationId,
            Value = double.IsFinite(rejection.Value) ? rejection.Value : WireNull.Double,
            InstrumentId = rejection.InstrumentId,
            Reason = (uint)rejection.Reason,
            FieldId = (ushort)rejection.Field,
            RefusedTemplateId = rejection.TemplateId,
            Code = rejection.IsVenueReport ? ExecutionErrorCode.ReportRefused : ExecutionErrorCode.IngressRejected,
        };
        return ExecutionErrorEncoder.EncodedLength;
    }

    /// <summary>Who refused what the event asked for; <see cref="ExecutionErrorCode.None"/> when nobody did.</summary>
    public static ExecutionErrorCode ErrorCodeOf(ref readonly PipelineEvent e)
    {
        if (e.Header.Kind == EventKind.ExecutionReport)
        {
            return e.Payload.ExecutionReport.Kind switch
            {
                ExecutionReportKind.Rejected or ExecutionReportKind.CancelRejected => ExecutionErrorCode.VenueRejected,
                ExecutionReportKind.Status when e.Payload.ExecutionReport.IsUnknownOrder =>
                    ExecutionErrorCode.VenueRejected,
                ExecutionReportKind.VenueLost => ExecutionErrorCode.VenueLost,
                ExecutionReportKind.VenueBack => ExecutionErrorCode.VenueBack,
                _ => ExecutionErrorCode.None,
            };
        }

        if (e.Header.Kind is not (EventKind.TradeQualified or EventKind.Command))
            return ExecutionErrorCode.None;

        return e.Routing.Outcome switch
        {
            RoutingOutcome.RiskRefused => ExecutionErrorCode.RiskRefused,
            RoutingOutcome.NoCapacity => ExecutionErrorCode.NoCapacity,
            RoutingOutcome.Late => ExecutionErrorCode.Late,
            _ => ExecutionErrorCode.None,
        };
    }
}
