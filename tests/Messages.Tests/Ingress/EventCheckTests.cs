using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Outbound;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Tests.Ingress;

/// <summary>What venues report, and what a recording holds, is held to the same as what comes in messages.</summary>
public class EventCheckTests
{
    private const int InstrumentCount = 3;
    private const long NowNs = 1_700_000_000_000_000_000;
    private readonly EventCheck _check = new(InstrumentCount);

    private delegate void Change(ref ExecutionReport report);

    private static IEnumerable<TestCaseData> ReportCases()
    {
        yield return Case((ref r) => r.Kind = ExecutionReportKind.None, RejectReason.UnknownReport, RejectField.None);
        yield return Case((ref r) => r.Kind = (ExecutionReportKind)16, RejectReason.UnknownReport, RejectField.None);
        yield return Case(
            (ref r) => r.RejectReason = (VenueRejectReason)200, RejectReason.UnknownReport, RejectField.RejectReason);
        yield return Case(
            (ref r) => r.Status = OrderStatus.Suspended + 1, RejectReason.UnknownReport, RejectField.None);
        yield return Case((ref r) => r.Type = OrderType.StopLimit + 1, RejectReason.UnknownReport, RejectField.None);
        yield return Case(
            (ref r) => r.TimeInForce = TimeInForce.GoodTillDate + 1, RejectReason.UnknownReport, RejectField.None);
        yield return Case((ref r) => r.Side = (Side)3, RejectReason.UnknownSide, RejectField.Side);
        yield return Case((ref r) => r.Side = Side.None, RejectReason.UnknownSide, RejectField.Side);
        yield return Case((ref r) => r.OrderId = 0, RejectReason.MissingId, RejectField.OrderId);
        yield return Case((ref r) => r.OrderId = ulong.MaxValue, RejectReason.MissingId, RejectField.OrderId);
        yield return Case((ref r) => r.ExecutionId = 0, RejectReason.MissingId, RejectField.ExecutionId);
        foreach (var index in new[] { -2, -1, InstrumentCount, int.MaxValue })
            yield return Case(
                (ref r) => r.InstrumentIndex = index, RejectReason.UnknownInstrument, RejectField.InstrumentId);

        foreach (var quantity in new[] { -1, int.MinValue, FieldLimits.QuantityMax + 1 })
        {
            yield return Case(
                (ref r) => r.CumulativeQuantity = quantity, RejectReason.OutOfRange, RejectField.CumulativeQuantity);
            yield return Case(
                (ref r) => r.LeavesQuantity = quantity, RejectReason.OutOfRange, RejectField.LeavesQuantity);
            yield return Case((ref r) => r.OrderQuantity = quantity, RejectReason.OutOfRange, RejectField.Quantity);
            yield return Case(
                (ref r) => r.ReleasedQuantity = quantity, RejectReason.OutOfRange, RejectField.LeavesQuantity);
        }

        foreach (var quantity in new[] { 0, -1, int.MinValue, int.MaxValue })
            yield return Case((ref r) => r.LastQuantity = quantity, RejectReason.OutOfRange, RejectField.LastQuantity);

        foreach (var price in new[] { 0, -1, long.MinValue, long.MaxValue, FieldLimits.PriceMaxE9 + 1 })
            yield return Case((ref r) => r.LastPriceE9 = price, RejectReason.OutOfRange, RejectField.LastPrice);

        foreach (var fee in new[] { long.MinValue, -FieldLimits.MoneyMaxE6 - 1, FieldLimits.MoneyMaxE6 + 1 })
            yield return Case((ref r) => r.FeeE6 = fee, RejectReason.OutOfRange, RejectField.Fees);

        yield return Case(
            (ref r) => r.Kind = ExecutionReportKind.Cancelled, RejectReason.OutOfRange, RejectField.LastQuantity);

        foreach (var price in new[] { -1, long.MinValue, long.MaxValue, FieldLimits.PriceMaxE9 + 1 })
        {
            yield return Case(
                (ref r) => r = Replaced() with { LimitPriceE9 = price },
                RejectReason.OutOfRange, RejectField.LimitPrice);
            yield return Case(
                (ref r) => r = Replaced() with { TriggerPriceE9 = price },
                RejectReason.OutOfRange, RejectField.StopPrice);
        }

        yield return Case(
            (ref r) => r = Replaced() with { PeakQuantity = -1 }, RejectReason.OutOfRange, RejectField.PeakQuantity);
    }

    [TestCaseSource(nameof(ReportCases))]
    public void ShouldNameReasonAndFieldWhenAReportIsImplausible(object change, RejectReason reason, RejectField field)
    {
        var report = Execution();
        Assert.That(_check.IsReport(in report, out var rejection), Is.True, "before");
        Assert.That(rejection, Is.EqualTo(default(Rejection)));

        ((Change)change)(ref report);
        Assert.That(_check.IsReport(in report, out rejection), Is.False);
        Assert.That((rejection.Reason, rejection.Field), Is.EqualTo((reason, field)));
        Assert.That((rejection.IsVenueReport, rejection.CorrelationId), Is.EqualTo((true, report.OrderId)));
    }

    [Test]
    public void ShouldPassWhenAnExecutionComesWithAnImpossibleLimit()
    {
        var report = Execution() with { LimitPriceE9 = -1, TriggerPriceE9 = long.MaxValue, PeakQuantity = -1 };
        Assert.That(_check.IsReport(in report, out _), Is.True);
    }

    [TestCase(-1, 0)]
    [TestCase(long.MinValue, 0)]
    [TestCase(long.MaxValue, 0)]
    [TestCase(NowNs + 600_000_000_001, 0)]
    [TestCase(NowNs + 600_000_000_000, NowNs + 600_000_000_000)]
    [TestCase(NowNs, NowNs)]
    [TestCase(1, 1)]
    [TestCase(0, 0)]
    public void ShouldLeaveOutAVenuesTimeWhenItCannotBe(long toldNs, long takenNs)
    {
        var report = Execution() with { VenueTimeNs = toldNs };
        EventCheck.LeaveOutStrangeTime(ref report, NowNs);
        Assert.That(report, Is.EqualTo(Execution() with { VenueTimeNs = takenNs }));
    }

    [TestCase(ExecutionReportKind.New)]
    [TestCase(ExecutionReportKind.Cancelled)]
    [TestCase(ExecutionReportKind.Rejected)]
    [TestCase(ExecutionReportKind.Expired)]
    [TestCase(ExecutionReportKind.CancelRejected)]
    [TestCase(ExecutionReportKind.Replaced)]
    [TestCase(ExecutionReportKind.ReplaceRejected)]
    [TestCase(ExecutionReportKind.Triggered)]
    [TestCase(ExecutionReportKind.Suspended)]
    [TestCase(ExecutionReportKind.Restated)]
    [TestCase(ExecutionReportKind.Status)]
    public void ShouldPassWhenAReportSpeaksOfNoExecution(ExecutionReportKind kind)
    {
        var report = new ExecutionReport { Kind = kind, OrderId = 5, LeavesQuantity = 2, ReleasedQuantity = 1 };
        Assert.That(_check.IsReport(in report, out _), Is.True);
    }

    [TestCase(ExecutionReportKind.OpenOrdersEnd)]
    [TestCase(ExecutionReportKind.VenueLost)]
    [TestCase(ExecutionReportKind.VenueBack)]
    public void ShouldPassWithoutAnOrderWhenAReportSpeaksOfTheVenue(ExecutionReportKind kind)
    {
        var report = new ExecutionReport { Kind = kind, Venue = 3 };
        Assert.That(_check.IsReport(in report, out _), Is.True);
    }

    [Test]
    public void ShouldAnswerThatAReportWasRefusedWhenItIsEncoded()
    {
        var report = Execution();
        report.LastPriceE9 = -5_000_000_000;
        Assert.That(_check.IsReport(in report, out var rejection), Is.False);

        var buffer = new byte[Schema.MaxEncodedLength];
        RefusalEncoder.EncodeRejection(in rejection, 9, buffer);
        Assert.That(ExecutionErrorDecoder.TryWrap(buffer, out var error), Is.True);
        Assert.That(
            (error.Code, error.Reason, error.FieldId, error.RefusedTemplateId, error.CorrelationId, error.Value),
            Is.EqualTo((ExecutionErrorCode.ReportRefused, (uint)RejectReason.OutOfRange, (ushort)105, (ushort)0, 501ul,
                -5.0)));
    }

    /// <summary>A recorded event that no message could have become is refused as the message would be.</summary>
    [Test]
    public void ShouldRefuseARecordedEventWhenNoMessageCouldHaveBecomeIt()
    {
        var harness = new ReaderHarness();
        foreach (var message in new[] { SampleMessages.TradeQualified(), SampleMessages.MarketUpdate(), Command() })
        {
            Assert.That(harness.TryRead(message), Is.True);
            var (header, payload) = (harness.Header, harness.Payload);
            Assert.That(_check.IsInput(in header, in payload, out _), Is.True, $"{header.Kind}");

            header.InstrumentIndex = InstrumentCount;
            Assert.That(_check.IsInput(in header, in payload, out var rejection), Is.False);
            Assert.That(rejection.Reason, Is.EqualTo(RejectReason.UnknownInstrument));

            header = harness.Header with { Kind = (EventKind)9 };
            Assert.That(_check.IsInput(in header, in payload, out rejection), Is.False);
        }

        Assert.That(harness.TryRead(SampleMessages.TradeQualified()), Is.True);
        var (signalHeader, signal) = (harness.Header, harness.Payload);
        signal.TradeQualified.Equity = double.PositiveInfinity;
        Assert.That(_check.IsInput(in signalHeader, in signal, out var refused), Is.False);
        Assert.That((refused.Reason, refused.Field), Is.EqualTo((RejectReason.NotFinite, RejectField.Equity)));
    }

    [Test]
    public void ShouldPassWhenARecordedCommandIsThePipelinesOwn()
    {
        var header = new EventHeader { Kind = EventKind.Command, TimeNs = 1 };
        var payload = default(EventPayload);
        payload.Command = new Command { Kind = CommandKind.Kill, Reason = CommandReason.Host, SendTimeNs = 1 };
        Assert.That(_check.IsInput(in header, in payload, out _), Is.True);

        header.Kind = EventKind.Model;
        Assert.That(_check.IsInput(in header, in payload, out _), Is.False, "a kill is no command on models");
    }

    private static byte[] Command() => SampleMessages.Command();

    private static ExecutionReport Execution() => new()
    {
        OrderId = 501,
        ExecutionId = 601,
        Kind = ExecutionReportKind.Trade,
        Side = Side.Buy,
        InstrumentIndex = 2,
        LastQuantity = 2,
        CumulativeQuantity = 2,
        LeavesQuantity = 1,
        LastPriceE9 = 4812_500_000_000,
        FeeE6 = -1_000_000,
    };

    private static ExecutionReport Replaced() => Execution() with
    {
        Kind = ExecutionReportKind.Replaced,
        LastQuantity = 0,
    };

    private static TestCaseData Case(Change change, RejectReason reason, RejectField field) =>
        new TestCaseData(change, reason, field).SetArgDisplayNames(reason.ToString(), field.ToString());
}
