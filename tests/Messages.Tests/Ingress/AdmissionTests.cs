using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Tests.Ingress;

/// <summary>Valid messages become ring events, whole.</summary>
public class AdmissionTests
{
    private readonly ReaderHarness _harness = new();

    [Test]
    public void ShouldFillTheSignalWhenTradeQualifiedIsValid()
    {
        Assert.That(_harness.TryRead(SampleMessages.TradeQualified()), Is.True);
        var signal = _harness.Payload.TradeQualified;
        Assert.Multiple(() =>
        {
            AssertHeader(EventKind.TradeQualified, 1, 77);
            Assert.That(
                (signal.SignalId, signal.Action, signal.PriceE9),
                Is.EqualTo((77ul, TradeAction.Short, 4812_250_000_000)));
            Assert.That(
                new[]
                {
                    signal.Confidence, signal.SynergyStrength, signal.Urgency, signal.BidAskSpread, signal.BookDepth,
                    signal.VolumeIntensity, signal.Volatility, signal.Atr, signal.Position, signal.AvailableMargin,
                    signal.Equity, signal.UnrealizedPnl, signal.Drawdown,
                },
                Is.EqualTo(new[] { 0.75, 0.5, 0.25, 0.5, 1.25, 1.5, 0.001, 2.75, -3, 1e6, 2e6, -1234.5, 0.01 }));
            Assert.That(
                new[] { signal.SignalTimeNs, signal.IntendedSendTimeNs, signal.SendTimeNs },
                Is.EqualTo(new[] { 1, 2, 3 }.Select(n => SampleMessages.TimeNs + n)));
        });
    }

    [Test]
    public void ShouldFillTheUpdateWhenMarketUpdateIsValid()
    {
        Assert.That(_harness.TryRead(SampleMessages.MarketUpdate()), Is.True);
        var update = _harness.Payload.MarketUpdate;
        Assert.Multiple(() =>
        {
            AssertHeader(EventKind.MarketUpdate, 1, 0);
            Assert.That(
                new[]
                {
                    update.BidPriceE9, update.AskPriceE9, update.BidQuantity, update.AskQuantity, update.BidOrders,
                    update.AskOrders, update.TradePriceE9, update.TradeQuantity, (long)update.Aggressor,
                    update.ExchangeTimeNs, update.SendTimeNs,
                },
                Is.EqualTo(new[]
                {
                    4812_250_000_000, 4812_500_000_000, 11, 12, 3, 4, 4812_250_000_001, 5, 2,
                    SampleMessages.TimeNs + 4, SampleMessages.TimeNs + 5,
                }));
        });
    }

    [Test]
    public void ShouldFillTheCommandWhenCommandIsValid()
    {
        Assert.That(_harness.TryRead(SampleMessages.Command()), Is.True);
        var command = _harness.Payload.Command;
        Assert.Multiple(() =>
        {
            AssertHeader(EventKind.Command, 1, 88);
            Assert.That(
                (command.CommandId, command.Kind, command.Reason, command.OperatorId, command.SendTimeNs),
                Is.EqualTo((88ul, CommandKind.CloseAll, 9, 7u, SampleMessages.TimeNs + 6)));
        });
    }

    [TestCase(CommandKind.CloseAll, 0ul, 0)]
    [TestCase(CommandKind.PauseOrder, 31ul, 0)]
    [TestCase(CommandKind.ResumeOrder, 31ul, 0)]
    [TestCase(CommandKind.CancelOrder, 31ul, 0)]
    [TestCase(CommandKind.AmendOrder, 31ul, 6)]
    public void ShouldReadOrderAndQuantityWhenTheCommandConcernsThem(CommandKind kind, ulong parentId, int quantity)
    {
        Assert.That(
            _harness.TryRead(SampleMessages.Command().With(CommandLayout.KindOffset, (byte)kind)), Is.True);
        var command = _harness.Payload.Command;
        Assert.That((command.Kind, command.ParentId, command.Quantity), Is.EqualTo((kind, parentId, quantity)));
        Assert.That(command.ModelVersion, Is.Zero);
    }

    /// <summary>A block of the version before names no order, so it can command none.</summary>
    [Test]
    public void ShouldRefuseACommandOnAnOrderWhenItsBlockIsOfAnOlderVersion()
    {
        var message = SampleMessages.Command().With(CommandLayout.KindOffset, (byte)CommandKind.PauseOrder);
        message.WithHeader(MessageHeader.BlockLengthOffset, 32).WithHeader(MessageHeader.VersionOffset, 5);
        Assert.That(_harness.TryRead(message[..40]), Is.False);
        Assert.That(_harness.Rejection.Field, Is.EqualTo(RejectField.ParentId));
    }

    [Test]
    public void ShouldNameNoOperatorWhenACommandsBlockIsOfAnOlderVersion()
    {
        var message = SampleMessages.Command().With(CommandLayout.KindOffset, (byte)CommandKind.CloseAll);
        message.WithHeader(MessageHeader.BlockLengthOffset, 32).WithHeader(MessageHeader.VersionOffset, 5);
        Assert.That(_harness.TryRead(message[..40]), Is.True);
        Assert.That(_harness.Payload.Command.OperatorId, Is.Zero);
    }

    [Test]
    public void ShouldConcernAllInstrumentsWhenCommandNamesNone()
    {
        var message = SampleMessages.Command().With(CommandLayout.InstrumentIdOffset, uint.MaxValue);
        Assert.That(_harness.TryRead(message), Is.True);
        Assert.That(_harness.Header.InstrumentIndex, Is.EqualTo(MessageReader.AllInstruments));
    }

    [Test]
    public void ShouldAdmitNaNWhenAnOptionalFieldIsNotGiven()
    {
        var message = SampleMessages.TradeQualified();
        foreach (var range in NumberRanges.TradeQualified.Where(range => range.IsOptional))
            message.With(range.Offset, double.NaN);

        Assert.That(_harness.TryRead(message), Is.True);
        Assert.That(_harness.Payload.TradeQualified.BidAskSpread, Is.NaN);
        Assert.That(_harness.Payload.TradeQualified.Drawdown, Is.NaN);
    }

    [Test]
    public void ShouldAdmitAnEmptyMarketWhenNeitherSideNorTradeIsThere()
    {
        var message = new byte[MarketUpdateEncoder.EncodedLength];
        _ = new MarketUpdateEncoder(message)
        {
            InstrumentId = SampleMessages.InstrumentId,
            ExchangeTimeNs = 1,
            SendTimeNs = 1,
        };
        Assert.That(_harness.TryRead(message), Is.True);
        Assert.That(_harness.Payload.MarketUpdate.BidPriceE9, Is.EqualTo(MarketUpdate.NoPrice));
        Assert.That(_harness.Payload.MarketUpdate.AskQuantity, Is.Zero);
    }

    [Test]
    public void ShouldAdmitACrossedMarketWhenBidIsAboveAsk()
    {
        var message = SampleMessages.MarketUpdate().With(MarketUpdateLayout.BidPriceOffset, 4813_000_000_000);
        Assert.That(_harness.TryRead(message), Is.True);
    }

    [Test]
    public void ShouldAdmitALongerBlockWhenTheVersionIsNewer()
    {
        var message = SampleMessages.TradeQualified()
            .WithHeader(MessageHeader.BlockLengthOffset, TradeQualifiedLayout.BlockLength + 16)
            .WithHeader(MessageHeader.VersionOffset, 3);
        Array.Resize(ref message, message.Length + 16);
        Assert.That(_harness.TryRead(message), Is.True);
        Assert.That(_harness.Payload.TradeQualified.SendTimeNs, Is.EqualTo(SampleMessages.TimeNs + 3));
    }

    [Test]
    public void ShouldLeaveNoOldBytesWhenSlotsAreReused()
    {
        // The recorded input must depend on the message alone: the harness fills the slot with garbage before each.
        byte[][] messages = [SampleMessages.TradeQualified(), SampleMessages.MarketUpdate(), SampleMessages.Command()];
        foreach (var message in messages)
        {
            Assert.That(_harness.TryRead(message), Is.True);
            Assert.That(_harness.InputBytes(), Has.None.EqualTo((byte)0xA5));
        }
    }

    private void AssertHeader(EventKind kind, int instrumentIndex, ulong correlationId)
    {
        var header = _harness.Header;
        Assert.That(
            (header.Kind, header.InstrumentIndex, header.TimeNs, header.CorrelationId),
            Is.EqualTo((kind, instrumentIndex, ReaderHarness.TimeNs, correlationId)));
        Assert.That(_harness.Rejection.Reason, Is.EqualTo(RejectReason.None));
    }
}
