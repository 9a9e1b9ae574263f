using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Tests.Conformance;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Tests.Wire;

/// <summary>
/// What the encoders write is what a reader that knows only the schema file reads, and what the decoders read.
/// </summary>
public class InboundRoundTripTests
{
    private const long TimeNs = SampleMessages.TimeNs;
    private static readonly SbeSchema Schema = SbeSchema.Load();

    [Test]
    public void ShouldReadEachFieldByTheSchemaWhenTradeQualifiedIsEncoded()
    {
        var expected = new Dictionary<string, object?>
        {
            ["signalId"] = 77ul,
            ["instrumentId"] = 4242ul,
            ["action"] = 2ul,
            ["confidence"] = 0.75,
            ["latencyWanted"] = 1ul,
            ["synergyStrength"] = 0.5,
            ["urgency"] = 0.25,
            ["price"] = 4812.25,
            ["bidAskSpread"] = 0.5,
            ["bookDepth"] = 1.25,
            ["volumeIntensity"] = 1.5,
            ["volatility"] = 0.001,
            ["atr"] = 2.75,
            ["position"] = -3.0,
            ["availableMargin"] = 1e6,
            ["equity"] = 2e6,
            ["unrealizedPnl"] = -1234.5,
            ["drawdown"] = 0.01,
            ["signalTimeNs"] = TimeNs + 1,
            ["intendedSendTimeNs"] = TimeNs + 2,
            ["sendTimeNs"] = TimeNs + 3,
        };
        Assert.That(Schema.Message("TRADE_QUALIFIED").Read(SampleMessages.TradeQualified()), Is.EquivalentTo(expected));
    }

    [Test]
    public void ShouldReadEachFieldByTheSchemaWhenMarketUpdateIsEncoded()
    {
        var expected = new Dictionary<string, object?>
        {
            ["instrumentId"] = 4242ul,
            ["aggressor"] = 2ul,
            ["bidPrice"] = 4812_250_000_000,
            ["askPrice"] = 4812_500_000_000,
            ["bidQuantity"] = 11L,
            ["askQuantity"] = 12L,
            ["bidOrders"] = 3L,
            ["askOrders"] = 4L,
            ["tradePrice"] = 4812_250_000_001,
            ["tradeQuantity"] = 5L,
            ["exchangeTimeNs"] = TimeNs + 4,
            ["sendTimeNs"] = TimeNs + 5,
        };
        Assert.That(Schema.Message("MARKET_UPDATE").Read(SampleMessages.MarketUpdate()), Is.EquivalentTo(expected));
    }

    [Test]
    public void ShouldReadEachFieldByTheSchemaWhenCommandIsEncoded()
    {
        var expected = new Dictionary<string, object?>
        {
            ["commandId"] = 88ul,
            ["instrumentId"] = 4242ul,
            ["reason"] = 9L,
            ["sendTimeNs"] = TimeNs + 6,
            ["kind"] = 4ul,
            ["canaryShareBps"] = 500ul,
            ["modelPrefix"] = 0xFEDC_BA98ul,
            ["parentId"] = 31ul,
            ["quantity"] = 6L,
            ["operatorId"] = 7ul,
        };
        Assert.That(Schema.Message("COMMAND").Read(SampleMessages.Command()), Is.EquivalentTo(expected));
    }

    [Test]
    public void ShouldReadWhatWasWrittenWhenTradeQualifiedIsDecoded()
    {
        Assert.That(TradeQualifiedDecoder.TryWrap(SampleMessages.TradeQualified(), out var decoder), Is.True);
        Assert.That(
            new object[]
            {
                decoder.SignalId, decoder.InstrumentId, decoder.Action, decoder.Confidence, decoder.SynergyStrength,
                decoder.Urgency, decoder.Price, decoder.BidAskSpread, decoder.BookDepth, decoder.VolumeIntensity,
                decoder.Volatility, decoder.Atr, decoder.Position, decoder.AvailableMargin, decoder.Equity,
                decoder.UnrealizedPnl, decoder.Drawdown, decoder.SignalTimeNs, decoder.IntendedSendTimeNs,
                decoder.SendTimeNs,
            },
            Is.EqualTo(new object[]
            {
                77ul, 4242u, TradeAction.Short, 0.75, 0.5, 0.25, 4812.25, 0.5, 1.25, 1.5, 0.001, 2.75, -3.0, 1e6, 2e6,
                -1234.5, 0.01, TimeNs + 1, TimeNs + 2, TimeNs + 3,
            }));
    }

    [Test]
    public void ShouldReadWhatWasWrittenWhenMarketUpdateIsDecoded()
    {
        Assert.That(MarketUpdateDecoder.TryWrap(SampleMessages.MarketUpdate(), out var decoder), Is.True);
        Assert.That(
            new object[]
            {
                decoder.InstrumentId, decoder.Aggressor, decoder.BidPriceE9, decoder.AskPriceE9, decoder.BidQuantity,
                decoder.AskQuantity, decoder.BidOrders, decoder.AskOrders, decoder.TradePriceE9, decoder.TradeQuantity,
                decoder.ExchangeTimeNs, decoder.SendTimeNs,
            },
            Is.EqualTo(new object[]
            {
                4242u, Side.Sell, 4812_250_000_000, 4812_500_000_000, 11, 12, 3, 4, 4812_250_000_001, 5, TimeNs + 4,
                TimeNs + 5,
            }));
    }

    [Test]
    public void ShouldReadWhatWasWrittenWhenCommandIsDecoded()
    {
        Assert.That(CommandDecoder.TryWrap(SampleMessages.Command(), out var decoder), Is.True);
        Assert.That(
            new object[]
            {
                decoder.CommandId, decoder.InstrumentId, decoder.Reason, decoder.SendTimeNs, decoder.Kind,
                decoder.CanaryShareBps, decoder.ModelPrefix, decoder.ParentId, decoder.Quantity,
            },
            Is.EqualTo(new object[]
            {
                88ul, 4242u, 9, TimeNs + 6, CommandKind.CloseAll, (ushort)500, 0xFEDC_BA98, 31ul, 6,
            }));
    }

    [Test]
    public void ShouldBeNullWhenOptionalFieldsAreNotSet()
    {
        var trade = Filled(TradeQualifiedEncoder.EncodedLength);
        _ = new TradeQualifiedEncoder(trade);
        var market = Filled(MarketUpdateEncoder.EncodedLength);
        _ = new MarketUpdateEncoder(market);
        var command = Filled(CommandEncoder.EncodedLength);
        _ = new CommandEncoder(command);

        Assert.Multiple(() =>
        {
            AssertEmpty("TRADE_QUALIFIED", trade);
            AssertEmpty("MARKET_UPDATE", market);
            AssertEmpty("COMMAND", command);
        });
    }

    [Test]
    public void ShouldRefuseTheBufferWhenItIsShorterThanTheMessage() => Assert.That(
        () => _ = new CommandEncoder(new byte[CommandEncoder.EncodedLength - 1]),
        Throws.ArgumentException.With.Message.Contains("56 bytes").And.Message.Contains("55"));

    private static byte[] Filled(int length)
    {
        var buffer = new byte[length];
        Array.Fill(buffer, (byte)0xA5);
        return buffer;
    }

    private static void AssertEmpty(string name, byte[] encoded)
    {
        var message = Schema.Message(name);
        var values = message.Read(encoded);
        foreach (var field in message.Fields)
        {
            if (field.IsOptional)
                Assert.That(values[field.Name], Is.Null, field.Name);
            else
                Assert.That(Convert.ToDouble(values[field.Name]), Is.Zero, field.Name);
        }

        foreach (var offset in message.PaddingOffsets())
            Assert.That(encoded[offset], Is.Zero, $"padding at {offset}");
    }
}
