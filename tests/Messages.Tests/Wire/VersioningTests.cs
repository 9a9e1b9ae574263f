using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Tests.Wire;

/// <summary>Old and new versions of the schema understand each other by the header's block length.</summary>
public class VersioningTests
{
    [Test]
    public void ShouldReadKnownFieldsWhenNewerVersionHasALongerBlock()
    {
        var message = WithBlock(SampleMessages.MarketUpdate(), MarketUpdateLayout.BlockLength + 24, version: 2);
        Array.Fill(message, (byte)0xEE, MarketUpdateEncoder.EncodedLength, 24);

        Assert.That(MarketUpdateDecoder.TryWrap(message, out var decoder), Is.True);
        Assert.That(decoder.AskPriceE9, Is.EqualTo(4812_500_000_000));
        Assert.That(decoder.SendTimeNs, Is.EqualTo(SampleMessages.TimeNs + 5));
    }

    [Test]
    public void ShouldReadNullWhenFieldsLieBeyondAnOlderVersionsBlock()
    {
        var message = WithBlock(SampleMessages.MarketUpdate(), MarketUpdateLayout.TradePriceOffset, version: 1);

        Assert.That(MarketUpdateDecoder.TryWrap(message, out var decoder), Is.True);
        Assert.That(decoder.AskOrders, Is.EqualTo(4), "the last field that is there");
        Assert.That(decoder.TradePriceE9, Is.EqualTo(MarketUpdate.NoPrice));
        Assert.That(decoder.TradeQuantity, Is.EqualTo(WireNull.Int32));
        Assert.That(decoder.SendTimeNs, Is.EqualTo(WireNull.Int64));
    }

    [Test]
    public void ShouldReadNullOfEachTypeWhenTheBlockIsEmpty()
    {
        var trade = new TradeQualifiedDecoder([]);
        Assert.That(trade.SignalId, Is.EqualTo(ulong.MaxValue));
        Assert.That(trade.InstrumentId, Is.EqualTo(uint.MaxValue));
        Assert.That((byte)trade.Action, Is.EqualTo(byte.MaxValue));
        Assert.That(trade.Confidence, Is.NaN);

        var decision = new DecisionDecoder([]);
        Assert.That(decision.GetFeature(0), Is.NaN);
        Assert.That(decision.IsReducing, Is.False);
        Assert.That(decision.SizeCuts, Is.EqualTo(SizeCuts.None), "a set has no null: an old sender cut nothing");
        Assert.That((byte)decision.Lateness, Is.EqualTo(WireNull.UInt8));
        Assert.That((decision.ModelVersion, decision.IsCanary), Is.EqualTo((WireNull.UInt64, false)));
        Assert.That(new ExecutionErrorDecoder([]).FieldId, Is.EqualTo(ushort.MaxValue));
    }

    [Test]
    public void ShouldReadNullWhenTheBlockEndsInsideAField()
    {
        var block = new byte[CommandLayout.ReasonOffset + 3];
        Assert.That(new CommandDecoder(block).Reason, Is.EqualTo(WireNull.Int32));
    }

    [Test]
    public void ShouldRefuseToReadWhenAnArraysIndexIsOutside() => Assert.That(
        () => new DecisionDecoder(new byte[DecisionLayout.BlockLength]).GetFeature(15),
        Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase(0)]
    [TestCase(7)]
    [TestCase(8)]
    [TestCase(79)]
    public void ShouldNotWrapWhenTheMessageIsCutShort(int length)
    {
        var message = SampleMessages.MarketUpdate().AsSpan(0, length);
        Assert.That(MarketUpdateDecoder.TryWrap(message, out var decoder), Is.False);
        Assert.That(decoder.InstrumentId, Is.EqualTo(WireNull.UInt32));
    }

    [Test]
    public void ShouldNotWrapWhenItIsAnotherMessageOrSchema()
    {
        var foreign = SampleMessages.MarketUpdate();
        foreign[MessageHeader.SchemaIdOffset]++;
        Assert.That(MarketUpdateDecoder.TryWrap(foreign, out _), Is.False);
        Assert.That(CommandDecoder.TryWrap(SampleMessages.MarketUpdate(), out _), Is.False);
    }

    private static byte[] WithBlock(byte[] message, int blockLength, ushort version)
    {
        Array.Resize(ref message, MessageHeader.SizeBytes + blockLength);
        Assert.That(MessageHeader.TryRead(message, out var header), Is.True);
        (header with { BlockLength = (ushort)blockLength, Version = version }).Write(message);
        return message;
    }
}
