using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Outbound;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Tests.Outbound;

/// <summary>EXECUTION_ERROR: who refused what, and why.</summary>
public class ExecutionErrorTests
{
    private static readonly InstrumentIds Instruments = new(10, 20, 30);
    private readonly byte[] _buffer = new byte[ExecutionErrorEncoder.EncodedLength];

    [TestCase(RoutingOutcome.RiskRefused, ExecutionErrorCode.RiskRefused, 132u)]
    [TestCase(RoutingOutcome.NoCapacity, ExecutionErrorCode.NoCapacity, 0u)]
    [TestCase(RoutingOutcome.Late, ExecutionErrorCode.Late, 1u)]
    [TestCase(RoutingOutcome.OrderSent, ExecutionErrorCode.None, 0u)]
    [TestCase(RoutingOutcome.Hold, ExecutionErrorCode.None, 0u)]
    public void ShouldFollowTheOutcomeWhenASignalWasDecided(
        RoutingOutcome outcome, ExecutionErrorCode code, uint reason)
    {
        var e = SampleEvents.Signal();
        e.Routing.Outcome = outcome;
        Assert.That(RefusalEncoder.ErrorCodeOf(in e), Is.EqualTo(code));

        var error = Encode(e);
        Assert.That(
            (error.Code, error.Reason, error.CorrelationId, error.InstrumentId, error.RefusedTemplateId, error.FieldId),
            Is.EqualTo((code, reason, 77ul, 20u, (ushort)1, (ushort)0)));
        Assert.That((error.Value, error.TimeNs), Is.EqualTo((3.0, SampleEvents.TimeNs)));
    }

    [TestCase(ExecutionReportKind.Rejected, ExecutionErrorCode.VenueRejected)]
    [TestCase(ExecutionReportKind.CancelRejected, ExecutionErrorCode.VenueRejected)]
    [TestCase(ExecutionReportKind.Trade, ExecutionErrorCode.None)]
    [TestCase(ExecutionReportKind.Cancelled, ExecutionErrorCode.None)]
    public void ShouldFollowTheReportWhenAVenueAnswered(ExecutionReportKind kind, ExecutionErrorCode code)
    {
        // Decision and outcome in the slot are an older event's: they must not count.
        var e = SampleEvents.Execution();
        e.Routing.Outcome = RoutingOutcome.RiskRefused;
        e.Payload.ExecutionReport.Kind = kind;
        e.Payload.ExecutionReport.RejectReason = VenueRejectReason.InvalidPrice;
        e.Payload.ExecutionReport.ReleasedQuantity = 4;
        Assert.That(RefusalEncoder.ErrorCodeOf(in e), Is.EqualTo(code));
        if (code == ExecutionErrorCode.None)
            return;

        var error = Encode(e);
        Assert.That(
            (error.Code, error.Reason, error.CorrelationId, error.RefusedTemplateId, error.Value),
            Is.EqualTo((code, (uint)VenueRejectReason.InvalidPrice, 501ul, (ushort)0, 4.0)));
    }

    [Test]
    public void ShouldSayWhatRoutingSaysWhenACommandFoundNoRoom()
    {
        var e = SampleEvents.Signal();
        e.Header.Kind = EventKind.Command;
        e.Header.CorrelationId = 88;
        e.Routing.Outcome = RoutingOutcome.NoCapacity;
        var error = Encode(e);
        Assert.That(
            (error.Code, error.CorrelationId, error.RefusedTemplateId, error.Value),
            Is.EqualTo((ExecutionErrorCode.NoCapacity, 88ul, (ushort)3, 2.0)));
    }

    [Test]
    public void ShouldRefuseNobodyWhenTheEventIsAMarketUpdate()
    {
        var e = SampleEvents.Signal();
        e.Header.Kind = EventKind.MarketUpdate;
        e.Routing.Outcome = RoutingOutcome.NoCapacity;
        Assert.That(RefusalEncoder.ErrorCodeOf(in e), Is.EqualTo(ExecutionErrorCode.None));
    }

    [TestCase(1.5, 1.5)]
    [TestCase(double.PositiveInfinity, double.NaN)]
    [TestCase(double.NaN, double.NaN)]
    public void ShouldSayWhatIngressSaidWhenAMessageWasRefused(double value, double expected)
    {
        var rejection = new Rejection
        {
            Reason = RejectReason.OutOfRange,
            Field = RejectField.Confidence,
            TemplateId = 1,
            InstrumentId = 20,
            CorrelationId = 77,
            Value = value,
        };
        var length = RefusalEncoder.EncodeRejection(in rejection, 123, _buffer);
        Assert.That(length, Is.EqualTo(_buffer.Length));
        Assert.That(ExecutionErrorDecoder.TryWrap(_buffer, out var error), Is.True);
        Assert.That(
            (error.Code, error.Reason, error.FieldId, error.RefusedTemplateId, error.InstrumentId, error.CorrelationId),
            Is.EqualTo((ExecutionErrorCode.IngressRejected, 14u, (ushort)13, (ushort)1, 20u, 77ul)));
        Assert.That((error.TimeNs, error.Value), Is.EqualTo((123L, expected)));
    }

    private ExecutionErrorDecoder Encode(PipelineEvent e)
    {
        RefusalEncoder.EncodeExecutionError(in e, Instruments, _buffer);
        Assert.That(ExecutionErrorDecoder.TryWrap(_buffer, out var error), Is.True);
        return error;
    }
}
