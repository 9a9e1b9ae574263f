using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Outbound;
using ExecutionPipeline.Messages.Tests.Conformance;
using ExecutionPipeline.Messages.Tests.Outbound;
using ExecutionPipeline.Messages.Wire;
using WireSchema = ExecutionPipeline.Messages.Wire.Schema;

namespace ExecutionPipeline.Messages.Tests.Interop;

/// <summary>
/// The codecs that this repository makes from the schema write the very bytes that those of Real Logic's sbe-tool write
/// from the same schema and values, and no field is left out of the comparison.
/// </summary>
public class GoldenMessageTests
{
    private static readonly InstrumentIds Instruments = new(10, 20, 30);
    private static readonly Dictionary<string, byte[]> Golden = GoldenFile.Read();

    private delegate int Encode(ref readonly PipelineEvent e, InstrumentIds instruments, Span<byte> buffer);

    private static IEnumerable<TestCaseData> Messages()
    {
        yield return Case("TRADE_QUALIFIED", _ => SampleMessages.TradeQualified());
        yield return Case("MARKET_UPDATE", _ => SampleMessages.MarketUpdate());
        yield return Case("COMMAND", _ => SampleMessages.Command());
        yield return Case("ORDER_STATUS_CHANGE", SampleEvents.Execution(), OutboundEncoder.EncodeOrderStatusChange);
        yield return Case("POSITION_UPDATE", SampleEvents.Execution(), OutboundEncoder.EncodePositionUpdate);
        yield return Case(
            "TRADE_CLOSED",
            buffer => buffer[..OutboundEncoder.EncodeTradeClosed(SampleEvents.Closed(), Instruments, buffer)]);
        yield return Case("DECISION", SampleEvents.Signal(), EncodeMarkedDecision);
        yield return Case("RISK_STATE", RiskMessageTests.Tripped(), OutboundEncoder.EncodeRiskState);
        yield return Case("COMMAND_RESULT", RiskMessageTests.Commanded(), OutboundEncoder.EncodeCommandResult);
        yield return Case(
            "PARENT_ORDER_ENDED",
            buffer => buffer[..OutboundEncoder.EncodeParentEnded(
                SampleEvents.Parent(), SampleEvents.TimeNs, Instruments, buffer)]);
        yield return Case(
            "PARENT_ORDER_STATE",
            buffer =>
            {
                var e = RiskMessageTests.Commanded();
                return buffer[..OutboundEncoder.EncodeParentState(in e, SampleEvents.Parent(), Instruments, buffer)];
            });
        yield return Case("SIGNAL_LATENCY", static buffer =>
        {
            _ = new SignalLatencyEncoder(buffer)
            {
                SignalId = 77,
                EndToEndNs = 28,
                SenderNs = 1,
                TransportNs = 2,
                RingNs = 3,
                ContextNs = 4,
                InferenceNs = 5,
                RiskNs = 6,
                RoutingNs = 7,
                InstrumentId = 20,
            };
            return buffer[..SignalLatencyEncoder.EncodedLength];
        });
        yield return Case("VENUE_REQUEST", WriteVenueRequest);
        yield return Case("VENUE_REPORT", WriteVenueReport);
        yield return Case("VENUE_HEARTBEAT", static buffer =>
        {
            _ = new VenueHeartbeatEncoder(buffer) { Session = 4, Sequence = 3, TimeNs = 5 };
            return buffer[..VenueHeartbeatEncoder.EncodedLength];
        });
        yield return Case("RISK_VIOLATION", SampleEvents.Signal(), EncodeViolation);
        yield return Case(
            "EXECUTION_ERROR",
            buffer => buffer[..RefusalEncoder.EncodeRejection(Refused(), SampleEvents.TimeNs, buffer)]);
    }

    [TestCaseSource(nameof(Messages))]
    public void ShouldWriteTheBytesOfSbeToolWhenAMessageIsEncoded(string name, Func<byte[], byte[]> encode)
    {
        var buffer = new byte[WireSchema.MaxEncodedLength];
        Array.Fill(buffer, (byte)0xA5);
        Assert.That(Convert.ToHexString(encode(buffer)), Is.EqualTo(Convert.ToHexString(Golden[name])));
    }

    /// <summary>A value of 0 would be equal where both forget the field.</summary>
    [Test]
    public void ShouldHaveAValueInEachFieldWhenMessagesAreCompared()
    {
        var unset = new List<string>();
        foreach (var message in SbeSchema.Load().Messages)
        {
            foreach (var (field, value) in message.Read(Golden[message.Name]))
            {
                if (value is not null && Convert.ToDouble(value) == 0)
                    unset.Add($"{message.Name} {field}");
            }
        }

        Assert.That(
            unset,
            Is.EqualTo(new[]
            {
                "RISK_STATE failureBreaker", "COMMAND_RESULT modelVersion", "COMMAND_RESULT parentsListed",
            }),
            "a closed breaker is 0, a command on models has no instrument's state, and only a query lists");
    }

    private static byte[] WriteVenueRequest(byte[] buffer)
    {
        _ = new VenueRequestEncoder(buffer)
        {
            Sequence = 3,
            Session = 4,
            OrderId = 501,
            TimeNs = 5,
            LimitPriceE9 = 11,
            StopPriceE9 = 13,
            ExpireTimeNs = 6,
            InstrumentId = 20,
            Quantity = 7,
            PeakQuantity = 2,
            RequestKind = VenueRequestKind.Replace,
            Side = Side.Sell,
            OrderType = OrderType.StopLimit,
            TimeInForce = TimeInForce.GoodTillDate,
        };
        return buffer[..VenueRequestEncoder.EncodedLength];
    }

    private static byte[] WriteVenueReport(byte[] buffer)
    {
        _ = new VenueReportEncoder(buffer)
        {
            Sequence = 3,
            OrderId = 501,
            ExecutionId = 601,
            LastPriceE9 = 12,
            FeesE6 = 9,
            LimitPriceE9 = 11,
            StopPriceE9 = 13,
            ExpireTimeNs = 6,
            VenueTimeNs = 8,
            InstrumentId = 20,
            Quantity = 7,
            LastQuantity = 1,
            CumulativeQuantity = 3,
            LeavesQuantity = 4,
            ReleasedQuantity = 5,
            PeakQuantity = 2,
            ReportKind = VenueReportKind.Trade,
            Side = Side.Sell,
            OrderType = OrderType.StopLimit,
            TimeInForce = TimeInForce.GoodTillDate,
            Status = OrderStatus.PartiallyFilled,
            RejectReason = VenueRejectReason.NoMarket,
        };
        return buffer[..VenueReportEncoder.EncodedLength];
    }

    /// <summary>A decision that is no repeat, with the mark of one: a repeat has no word of the policies.</summary>
    private static int EncodeMarkedDecision(ref readonly PipelineEvent e, InstrumentIds instruments, Span<byte> buffer)
    {
        var length = OutboundEncoder.EncodeDecision(in e, instruments, buffer);
        buffer[MessageHeader.SizeBytes + DecisionLayout.RepeatOffset] = 1;
        return length;
    }

    private static int EncodeViolation(ref readonly PipelineEvent e, InstrumentIds instruments, Span<byte> buffer) =>
        RefusalEncoder.EncodeRiskViolation(
            in e, RiskViolations.Notional, 500_000, 750_000.5, instruments, buffer);

    private static Rejection Refused() => new()
    {
        Reason = RejectReason.OutOfRange,
        Field = RejectField.Price,
        TemplateId = TradeQualifiedLayout.TemplateId,
        InstrumentId = WireNull.UInt32,
        CorrelationId = WireNull.UInt64,
        Value = -16.5,
    };

    private static TestCaseData Case(string name, PipelineEvent e, Encode encode) =>
        Case(name, buffer => buffer[..encode(in e, Instruments, buffer)]);

    private static TestCaseData Case(string name, Func<byte[], byte[]> encode) =>
        new TestCaseData(name, encode).SetArgDisplayNames(name);
}

/// <summary>The committed output of GoldenMessages.java.</summary>
internal static class GoldenFile
{
    private const string Folder = "tests/Messages.Tests/Interop";

    public static string Program => RepositoryFiles.PathOf($"{Folder}/GoldenMessages.java");

    /// <summary>Whole messages by name.</summary>
    public static Dictionary<string, byte[]> Read() =>
        Parse(File.ReadLines(RepositoryFiles.PathOf($"{Folder}/golden-messages.txt")));

    public static Dictionary<string, byte[]> Parse(IEnumerable<string> lines) => lines
        .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' '))
        .ToDictionary(words => words[0], words => Convert.FromHexString(words[1]));
}
