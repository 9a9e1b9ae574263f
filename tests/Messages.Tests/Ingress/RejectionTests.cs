using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using Field = ExecutionPipeline.Messages.Events.RejectField;
using Reason = ExecutionPipeline.Messages.Events.RejectReason;

namespace ExecutionPipeline.Messages.Tests.Ingress;

/// <summary>Each thing that can be wrong with a message, one at a time, has its reason and field.</summary>
public class RejectionTests
{
    private readonly ReaderHarness _harness = new();

    private static IEnumerable<TestCaseData> HeaderCases()
    {
        yield return Case("empty", [], Reason.TooShort, Field.None);
        yield return Case("seven bytes", SampleMessages.Command()[..7], Reason.TooShort, Field.None);
        yield return Case("schema", Header(MessageHeader.SchemaIdOffset, 7200), Reason.WrongSchema, Field.SchemaId);
        yield return Case("version", Header(MessageHeader.VersionOffset, 0), Reason.UnsupportedVersion, Field.Version);
        foreach (var template in new ushort[] { 0, 4, 101, 105, 65535 })
        {
            var message = Header(MessageHeader.TemplateIdOffset, template);
            yield return Case($"template {template}", message, Reason.UnknownTemplate, Field.TemplateId);
        }

        var tooShort = Header(MessageHeader.BlockLengthOffset, CommandLayout.LeastBlockLength - 1);
        yield return Case("short block", tooShort, Reason.ShortBlock, Field.BlockLength);
        yield return Case("no block", Header(MessageHeader.BlockLengthOffset, 0), Reason.ShortBlock, Field.BlockLength);
        yield return Case("cut", SampleMessages.Command()[..^1], Reason.TruncatedMessage, Field.None);
        var tooLong = Header(MessageHeader.BlockLengthOffset, 65535);
        yield return Case("block beyond the end", tooLong, Reason.TruncatedMessage, Field.None);
    }

    private static IEnumerable<TestCaseData> SignalCases()
    {
        yield return Signal(TradeQualifiedLayout.SignalIdOffset, 0ul, Reason.MissingId, Field.SignalId);
        yield return Signal(TradeQualifiedLayout.SignalIdOffset, ulong.MaxValue, Reason.MissingId, Field.SignalId);
        yield return Signal(
            TradeQualifiedLayout.InstrumentIdOffset, 8u, Reason.UnknownInstrument, Field.InstrumentId);
        yield return Signal(
            TradeQualifiedLayout.InstrumentIdOffset, uint.MaxValue, Reason.UnknownInstrument, Field.InstrumentId);
        yield return Signal(TradeQualifiedLayout.ActionOffset, (byte)3, Reason.UnknownAction, Field.Action);
        yield return Signal(TradeQualifiedLayout.ActionOffset, byte.MaxValue, Reason.UnknownAction, Field.Action);
        foreach (var time in new[] { 0L, -1L, long.MinValue })
        {
            yield return Signal(TradeQualifiedLayout.SignalTimeNsOffset, time, Reason.BadTimestamp, Field.SignalTimeNs);
            yield return Signal(
                TradeQualifiedLayout.IntendedSendTimeNsOffset, time, Reason.BadTimestamp, Field.IntendedSendTimeNs);
            yield return Signal(TradeQualifiedLayout.SendTimeNsOffset, time, Reason.BadTimestamp, Field.SendTimeNs);
        }
    }

    private static IEnumerable<TestCaseData> SignalNumberCases()
    {
        foreach (var (offset, field, min, max, isOptional) in NumberRanges.TradeQualified)
        {
            var outside = new[] { Math.BitDecrement(min), Math.BitIncrement(max), -1e300, 1e300 };
            foreach (var value in outside.Where(value => value < min || value > max))
                yield return Signal(offset, value, Reason.OutOfRange, field);

            yield return Signal(offset, double.PositiveInfinity, Reason.NotFinite, field);
            yield return Signal(offset, double.NegativeInfinity, Reason.NotFinite, field);
            if (!isOptional)
                yield return Signal(offset, double.NaN, Reason.NotFinite, field);
        }
    }

    private static IEnumerable<TestCaseData> MarketCases()
    {
        yield return Market(MarketUpdateLayout.InstrumentIdOffset, 1u, Reason.UnknownInstrument, Field.InstrumentId);
        yield return Market(MarketUpdateLayout.AggressorOffset, (byte)3, Reason.UnknownSide, Field.Aggressor);
        yield return Market(MarketUpdateLayout.ExchangeTimeNsOffset, 0L, Reason.BadTimestamp, Field.ExchangeTimeNs);
        yield return Market(MarketUpdateLayout.SendTimeNsOffset, -5L, Reason.BadTimestamp, Field.SendTimeNs);
        yield return Market(MarketUpdateLayout.BidOrdersOffset, -1, Reason.OutOfRange, Field.BidOrders);
        yield return Market(MarketUpdateLayout.AskOrdersOffset, 13, Reason.OutOfRange, Field.AskOrders);
        foreach (var (price, quantity, priceField, quantityField) in Levels())
        {
            foreach (var value in new[] { 0, -1, FieldLimits.PriceMaxE9 + 1, long.MaxValue, long.MinValue + 1 })
                yield return Market(price, value, Reason.OutOfRange, priceField);
            foreach (var value in new[] { -1, FieldLimits.QuantityMax + 1, int.MinValue })
                yield return Market(quantity, value, Reason.OutOfRange, quantityField);

            yield return Market(price, long.MinValue, Reason.MissingPrice, priceField);
            yield return Market(quantity, 0, Reason.MissingQuantity, quantityField);
        }
    }

    private static IEnumerable<TestCaseData> CommandCases()
    {
        foreach (var kind in new byte[] { 0, 12, 15, 20, 24, 255 })
            yield return Command(CommandLayout.KindOffset, kind, Reason.UnknownCommand, Field.Kind);

        yield return Command(CommandLayout.CommandIdOffset, 0ul, Reason.MissingId, Field.CommandId);
        yield return Command(CommandLayout.InstrumentIdOffset, 1u, Reason.UnknownInstrument, Field.InstrumentId);
        yield return Command(CommandLayout.ReasonOffset, -1, Reason.OutOfRange, Field.Reason);
        foreach (var kind in new[] { CommandKind.Resume, CommandKind.ResumeEntries })
        {
            var unexplained = SampleMessages.Command().With(CommandLayout.KindOffset, (byte)kind);
            yield return Case(
                $"{kind} without reason", unexplained.With(CommandLayout.ReasonOffset, 0), Reason.OutOfRange,
                Field.Reason);
        }

        yield return Case("canary without models", Canary().With(CommandLayout.ModelPrefixOffset, 0u),
            Reason.MissingId, Field.ModelPrefix);
        foreach (var share in new ushort[] { 0, 10_001 })
        {
            yield return Case($"canary of {share} bps", Canary().With(CommandLayout.CanaryShareBpsOffset, share),
                Reason.OutOfRange, Field.CanaryShareBps);
        }

        yield return Command(CommandLayout.SendTimeNsOffset, 0L, Reason.BadTimestamp, Field.SendTimeNs);
        for (var kind = CommandKind.PauseOrder; kind <= CommandKind.AmendOrder; kind++)
        {
            foreach (var id in new[] { 0ul, ulong.MaxValue })
            {
                yield return Case($"{kind} of order {id}", OnOrder(kind).With(CommandLayout.ParentIdOffset, id),
                    Reason.MissingId, Field.ParentId);
            }
        }

        foreach (var quantity in new[] { 0, -1, FieldLimits.QuantityMax + 1, int.MinValue })
        {
            yield return Case(
                $"amendment to {quantity}",
                OnOrder(CommandKind.AmendOrder).With(CommandLayout.QuantityOffset, quantity),
                Reason.OutOfRange,
                Field.Quantity);
        }
    }

    private static byte[] OnOrder(CommandKind kind) =>
        SampleMessages.Command().With(CommandLayout.KindOffset, (byte)kind);

    private static byte[] Canary() =>
        SampleMessages.Command().With(CommandLayout.KindOffset, (byte)CommandKind.CanaryModel);

    [TestCaseSource(nameof(HeaderCases))]
    [TestCaseSource(nameof(SignalCases))]
    [TestCaseSource(nameof(SignalNumberCases))]
    [TestCaseSource(nameof(MarketCases))]
    [TestCaseSource(nameof(CommandCases))]
    public void ShouldNameReasonAndFieldWhenOneThingIsWrong(byte[] message, Reason reason, Field field)
    {
        Assert.That(_harness.TryRead(message), Is.False);
        Assert.That((_harness.Rejection.Reason, _harness.Rejection.Field), Is.EqualTo((reason, field)));
    }

    [Test]
    public void ShouldReachEachReasonButTheTransportsWhenCasesAreCounted()
    {
        var cases = HeaderCases().Concat(SignalCases()).Concat(SignalNumberCases()).Concat(MarketCases())
            .Concat(CommandCases());
        var reached = cases.Select(data => (Reason)data.Arguments[1]!).Distinct();
        // The transport raises the first, whoever loads models the second; the others have tests of their own.
        var elsewhere = new[] { Reason.Fragmented, Reason.ModelRefused, Reason.WrongStream, Reason.UnknownReport };
        var reachable = Enum.GetValues<Reason>().Except(elsewhere).Except([Reason.None]);
        Assert.That(reached, Is.EquivalentTo(reachable));
    }

    [TestCase(InboundMessages.Signals)]
    [TestCase(InboundMessages.Market)]
    [TestCase(InboundMessages.Commands)]
    [TestCase(InboundMessages.None)]
    public void ShouldAdmitOnlyWhatTheStreamCarriesWhenMessagesOfEachKindCome(InboundMessages carried)
    {
        (InboundMessages Kind, byte[] Message, ulong Id)[] messages =
        [
            (InboundMessages.Signals, SampleMessages.TradeQualified(), 77),
            (InboundMessages.Market, SampleMessages.MarketUpdate(), WireNull.UInt64),
            (InboundMessages.Commands, SampleMessages.Command(), 88),
        ];
        foreach (var (kind, message, id) in messages)
        {
            Assert.That(_harness.TryRead(message, carried), Is.EqualTo(kind == carried), $"{kind}");
            if (kind == carried)
                continue;

            var rejection = _harness.Rejection;
            var template = message[MessageHeader.TemplateIdOffset];
            Assert.That(
                (rejection.Reason, rejection.Field, (byte)rejection.TemplateId, rejection.InstrumentId,
                    rejection.CorrelationId, rejection.Value),
                Is.EqualTo((Reason.WrongStream, Field.TemplateId, template, SampleMessages.InstrumentId, id,
                    (double)template)));
        }
    }

    [Test]
    public void ShouldSayWhoSentWhatWhenASignalIsRefused()
    {
        var message = SampleMessages.TradeQualified().With(TradeQualifiedLayout.ConfidenceOffset, 1.5);
        Assert.That(_harness.TryRead(message), Is.False);
        var rejection = _harness.Rejection;
        Assert.That(
            (rejection.TemplateId, rejection.InstrumentId, rejection.CorrelationId, rejection.Value),
            Is.EqualTo(((ushort)1, SampleMessages.InstrumentId, 77ul, 1.5)));
    }

    [Test]
    public void ShouldSayNothingOfTheSenderWhenTheHeaderIsWrong()
    {
        Assert.That(_harness.TryRead(Header(MessageHeader.TemplateIdOffset, 999)), Is.False);
        var rejection = _harness.Rejection;
        Assert.That(
            (rejection.TemplateId, rejection.InstrumentId, rejection.CorrelationId, rejection.Value),
            Is.EqualTo(((ushort)999, WireNull.UInt32, WireNull.UInt64, 999.0)));
    }

    private static IEnumerable<(int Price, int Quantity, Field PriceField, Field QuantityField)> Levels() =>
    [
        (MarketUpdateLayout.BidPriceOffset, MarketUpdateLayout.BidQuantityOffset, Field.BidPrice, Field.BidQuantity),
        (MarketUpdateLayout.AskPriceOffset, MarketUpdateLayout.AskQuantityOffset, Field.AskPrice, Field.AskQuantity),
        (MarketUpdateLayout.TradePriceOffset, MarketUpdateLayout.TradeQuantityOffset, Field.TradePrice,
            Field.TradeQuantity),
    ];

    private static byte[] Header(int offset, int value) => SampleMessages.Command().WithHeader(offset, (ushort)value);

    private static TestCaseData Signal<T>(int offset, T value, Reason reason, Field field) where T : unmanaged =>
        Case($"{field} = {value}", SampleMessages.TradeQualified().With(offset, value), reason, field);

    private static TestCaseData Market<T>(int offset, T value, Reason reason, Field field) where T : unmanaged =>
        Case($"market {field} = {value}", SampleMessages.MarketUpdate().With(offset, value), reason, field);

    private static TestCaseData Command<T>(int offset, T value, Reason reason, Field field) where T : unmanaged =>
        Case($"command {field} = {value}", SampleMessages.Command().With(offset, value), reason, field);

    private static TestCaseData Case(string name, byte[] message, Reason reason, Field field) =>
        new TestCaseData(message, reason, field).SetArgDisplayNames(name, reason.ToString());
}
