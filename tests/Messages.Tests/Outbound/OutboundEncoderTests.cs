using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Outbound;
using ExecutionPipeline.Messages.Tests.Conformance;
using ExecutionPipeline.Messages.Wire;
using WireSchema = ExecutionPipeline.Messages.Wire.Schema;

namespace ExecutionPipeline.Messages.Tests.Outbound;

/// <summary>Outbound messages say what the event says, read by the schema file alone.</summary>
public class OutboundEncoderTests
{
    private const long TimeNs = SampleEvents.TimeNs;
    private static readonly SbeSchema File = SbeSchema.Load();
    private static readonly InstrumentIds Instruments = new(10, 20, 30);

    private delegate int Encode(ref readonly PipelineEvent e, InstrumentIds instruments, Span<byte> buffer);

    [Test]
    public void ShouldSayWhatRoutingSaysWhenOrderStatusChanges()
    {
        var values = Read("ORDER_STATUS_CHANGE", SampleEvents.Execution(), OutboundEncoder.EncodeOrderStatusChange);
        Assert.That(values, Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["timeNs"] = TimeNs,
            ["orderId"] = 501ul,
            ["signalId"] = 77ul,
            ["executionId"] = 601ul,
            ["limitPrice"] = 11L,
            ["averagePrice"] = 12L,
            ["lastPrice"] = 4812_500_000_000,
            ["stopPrice"] = 13L,
            ["targetPrice"] = 14L,
            ["arrivalPrice"] = 15L,
            ["instrumentId"] = 20ul,
            ["quantity"] = 5L,
            ["cumulativeQuantity"] = 2L,
            ["leavesQuantity"] = 3L,
            ["lastQuantity"] = 2L,
            ["status"] = 3ul,
            ["previousStatus"] = 2ul,
            ["side"] = 2ul,
            ["orderType"] = 2ul,
            ["timeInForce"] = 3ul,
            ["strategy"] = 2ul,
            ["rejectReason"] = 6ul,
            ["disposition"] = 6ul,
            ["inferredQuantity"] = 3L,
            ["inferredExecutionId"] = 1UL << 63,
            ["purpose"] = (ulong)OrderPurpose.TakeProfit,
        }));
    }

    [Test]
    public void ShouldSayWhatThePortfolioSaysWhenPositionChanges()
    {
        var values = Read("POSITION_UPDATE", SampleEvents.Execution(), OutboundEncoder.EncodePositionUpdate);
        Assert.That(values, Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["timeNs"] = TimeNs,
            ["instrumentId"] = 20ul,
            ["position"] = -4L,
            ["averagePrice"] = 22L,
            ["markPrice"] = 21L,
            ["realizedPnl"] = 23L,
            ["unrealizedPnl"] = -24L,
            ["equity"] = 25L,
            ["availableMargin"] = 26L,
            ["fees"] = 28L,
            ["grossNotional"] = 27L,
            ["dailyDrawdown"] = 0.03,
            ["dailyVar"] = 4321.5,
            ["openPositions"] = 2L,
            ["workingOrders"] = 9L,
        }));
    }

    [Test]
    public void ShouldAddUpWhenATradeCloses()
    {
        var values = Read("TRADE_CLOSED", default, EncodeClosed);
        Assert.That(values, Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["tradeId"] = 31ul,
            ["orderId"] = 501ul,
            ["entryTimeNs"] = TimeNs - 1_000,
            ["exitTimeNs"] = TimeNs,
            ["entryPrice"] = 4800_000_000_000,
            ["exitPrice"] = 4812_500_000_000,
            ["grossPnl"] = 1_250_000_000L,
            ["fees"] = 15_200_000L,
            ["netPnl"] = 1_234_800_000L,
            ["instrumentId"] = 20ul,
            ["quantity"] = 2L,
            ["side"] = 1ul,
            ["exitReason"] = (ulong)ExitReason.Reversal,
            ["strategy"] = (ulong)ExecutionStrategy.Iceberg,
            ["signalId"] = 77ul,
            ["arrivalPrice"] = 15L,
            ["entryFees"] = 7_000_000L,
            ["slippage"] = -4L,
            ["exitSlippage"] = 5L,
            ["favourableExcursion"] = 6L,
            ["adverseExcursion"] = 7L,
            ["fillRate"] = 0.5f,
            ["qualityScore"] = 0.75f,
        }));
    }

    private static int EncodeClosed(ref readonly PipelineEvent e, InstrumentIds instruments, Span<byte> buffer) =>
        OutboundEncoder.EncodeTradeClosed(SampleEvents.Closed(), instruments, buffer);

    [Test]
    public void ShouldSayAllThatWasDecidedWhenASignalIsDecided()
    {
        var expected = new Dictionary<string, object?>
        {
            ["timeNs"] = TimeNs,
            ["signalId"] = 77ul,
            ["orderId"] = 501ul,
            ["instrumentId"] = 20ul,
            ["riskViolations"] = 132ul,
            ["quantity"] = 3L,
            ["approvedQuantity"] = 2L,
            ["projectedPosition"] = -7L,
            ["tradesToday"] = 12L,
            ["action"] = 2ul,
            ["side"] = 2ul,
            ["strategy"] = 3ul,
            ["source"] = 1ul,
            ["outcome"] = 1ul,
            ["sizeAction"] = 4ul,
            ["killSwitchLatched"] = 1ul,
            ["reducing"] = 1ul,
            ["stopLossAtr"] = 1.5,
            ["takeProfitAtr"] = 2.5,
            ["projectedNotional"] = 123_456_789L,
            ["projectedVar"] = 8400.5,
            ["dailyDrawdown"] = 0.03,
            ["stopPrice"] = 13L,
            ["targetPrice"] = 14L,
            ["arrivalPrice"] = 15L,
            ["sizeCuts"] = (ulong)(SizeCuts.Cap | SizeCuts.Risk),
            ["lateness"] = 1ul,
            ["modelVersion"] = 0xFEDC_BA98_7654_3210ul,
            ["canary"] = 1ul,
            ["repeat"] = 0ul,
            ["parentId"] = 41ul,
        };
        Expect(expected, "features", ContextFeatures.Count, 100);
        Expect(expected, "sizeProbabilities", PolicyOutputs.SizeCount, 200);
        Expect(expected, "strategyProbabilities", PolicyOutputs.StrategyCount, 205);

        Assert.That(Read("DECISION", SampleEvents.Signal(), OutboundEncoder.EncodeDecision), Is.EquivalentTo(expected));
    }

    [Test]
    public void ShouldSayTheSameOfTheOrderWhenADecisionIsRepeated()
    {
        var first = SampleEvents.Signal();
        var answer = SignalAnswer.Of(in first);
        // What came of the signal now is nothing, and the account has moved on.
        var e = SampleEvents.Signal();
        e.Decision = default;
        e.Routing = new RoutingResult { Outcome = RoutingOutcome.Repeated };
        e.Verdict = new RiskVerdict { ProjectedPosition = 9, TradesToday = 13 };
        e.Header.InstrumentIndex = 2;
        e.Header.TimeNs++;

        var expected = Read("DECISION", first, OutboundEncoder.EncodeDecision).ToDictionary();
        foreach (var (field, value) in new (string, object?)[]
            {
                ("timeNs", TimeNs + 1), ("repeat", 1ul), ("projectedPosition", 9L), ("tradesToday", 13L),
                ("projectedNotional", 0L), ("projectedVar", 0.0), ("killSwitchLatched", 0ul), ("stopLossAtr", null),
                ("takeProfitAtr", null),
            })
            expected[field] = value;
        foreach (var policys in expected.Keys.Where(static field => field.Contains('[', StringComparison.Ordinal)))
            expected[policys] = null;

        int EncodeAgain(ref readonly PipelineEvent now, InstrumentIds instruments, Span<byte> buffer) =>
            OutboundEncoder.EncodeRepeatedDecision(in now, in answer, instruments, buffer);
        Assert.That(Read("DECISION", e, EncodeAgain), Is.EquivalentTo(expected));
    }

    [Test]
    public void ShouldHaveNoPolicysWordWhenAnOperatorDecided()
    {
        // Features and outputs are an older event's bytes then: they must not show.
        var e = SampleEvents.Signal();
        e.Header.Kind = EventKind.Command;
        var values = Read("DECISION", e, OutboundEncoder.EncodeDecision);
        var nulls = values.Where(pair => pair.Value is null).Select(pair => pair.Key.Split('[')[0]).Distinct();
        string[] expected =
            ["action", "features", "sizeProbabilities", "strategyProbabilities", "stopLossAtr", "takeProfitAtr"];
        Assert.That(nulls, Is.EquivalentTo(expected));
    }

    [Test]
    public void ShouldHaveNullPricesWhenTheEventHasNone()
    {
        var e = SampleEvents.Signal();
        e.Routing = default;
        e.Portfolio = default;
        var order = Read("ORDER_STATUS_CHANGE", e, OutboundEncoder.EncodeOrderStatusChange);
        var position = Read("POSITION_UPDATE", e, OutboundEncoder.EncodePositionUpdate);
        Assert.Multiple(() =>
        {
            var names = order.Keys.Where(name => name.EndsWith("Price", StringComparison.Ordinal)).ToArray();
            Assert.That(names, Has.Length.EqualTo(6));
            Assert.That(names.Select(name => order[name]), Is.All.Null);
            Assert.That(order["executionId"], Is.Null);
            Assert.That(position["averagePrice"], Is.Null);
            Assert.That(position["markPrice"], Is.Null);
        });
    }

    [Test]
    public void ShouldGiveTheSameBytesWhenTheBufferHeldOthers()
    {
        Encode[] encoders =
        [
            OutboundEncoder.EncodeDecision, RefusalEncoder.EncodeExecutionError,
            OutboundEncoder.EncodeOrderStatusChange, OutboundEncoder.EncodePositionUpdate,
            EncodeClosed,
        ];
        foreach (var e in new[] { SampleEvents.Signal(), SampleEvents.Execution() })
        {
            foreach (var encode in encoders)
            {
                var clean = new byte[WireSchema.MaxEncodedLength];
                var dirty = new byte[WireSchema.MaxEncodedLength];
                Array.Fill(dirty, (byte)0xA5);
                var length = encode(in e, Instruments, clean);
                Assert.That(encode(in e, Instruments, dirty), Is.EqualTo(length));
                Assert.That(dirty[..length], Is.EqualTo(clean[..length]));
                Assert.That(dirty[length..], Is.All.EqualTo((byte)0xA5), "wrote beyond its length");
            }
        }
    }

    [Test]
    public void ShouldHoldAnyMessageWhenTheBufferHasTheStatedLength() => Assert.That(
        File.Messages.Max(message => message.BlockLength) + MessageHeader.SizeBytes,
        Is.EqualTo(WireSchema.MaxEncodedLength));

    private static void Expect(Dictionary<string, object?> expected, string name, int count, int first)
    {
        for (var i = 0; i < count; i++)
            expected[$"{name}[{i}]"] = (double)(first + i);
    }

    private static Dictionary<string, object?> Read(string name, PipelineEvent e, Encode encode)
    {
        var message = File.Message(name);
        var buffer = new byte[WireSchema.MaxEncodedLength];
        Assert.That(encode(in e, Instruments, buffer), Is.EqualTo(message.BlockLength + MessageHeader.SizeBytes));
        Assert.That(MessageHeader.TryRead(buffer, out var header), Is.True);
        var expected = new MessageHeader(
            (ushort)message.BlockLength, (ushort)message.Id, WireSchema.Id, WireSchema.Version);
        Assert.That(header, Is.EqualTo(expected));
        return message.Read(buffer);
    }
}
