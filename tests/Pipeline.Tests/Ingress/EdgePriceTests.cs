using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Pipeline.Tests.Ingress;

/// <summary>Which prices the edge believes: those on the tick and up to the highest. What it says of others.</summary>
[TestFixture]
public sealed class EdgePriceTests
{
    private const long E9 = EdgeRig.E9;
    private const long TickE9 = E9 / 4;
    private const long HighestE9 = 200_000 * E9;
    private const long None = MarketUpdate.NoPrice;

    // The second instrument trades at the same ticks.
    [TestCase(4_800 * E9, 4_800 * E9 + TickE9, None)]
    [TestCase(TickE9, 2 * TickE9, None)]
    [TestCase(HighestE9 - TickE9, HighestE9, None)]
    [TestCase(HighestE9, HighestE9, HighestE9)]
    [TestCase(None, 4_800 * E9, None)]
    [TestCase(4_800 * E9, None, 4_800 * E9)]
    public void ShouldBelieveAMarketPriceWhenItIsOnTheTick(long bidE9, long askE9, long tradeE9)
    {
        using var rig = new EdgeRig();
        rig.Quote(bidE9, askE9, tradeE9, instrument: 7);
        rig.Turn();
        Assert.That((rig.Host.Ingress.MarketUpdatesAdmitted, rig.Host.Ingress.Rejects.Total), Is.EqualTo((1L, 0L)));
        var (instrument, update, timeNs) = rig.Shown.Single();
        Assert.That((instrument, timeNs), Is.EqualTo((1, EdgeRig.StartNs)));
        Assert.That(
            (update.BidPriceE9, update.AskPriceE9, update.TradePriceE9), Is.EqualTo((bidE9, askE9, tradeE9)));
    }

    // The first that is wrong is named, with its own value.
    [TestCase(4_800 * E9 + 1, 4_800 * E9 + TickE9, None, RejectField.BidPrice, 4_800.000000001)]
    [TestCase(4_800 * E9, 4_800 * E9 + TickE9 - 1, None, RejectField.AskPrice, 4_800.249999999)]
    [TestCase(4_800 * E9, 4_800 * E9 + TickE9, 4_800 * E9 + 1, RejectField.TradePrice, 4_800.000000001)]
    [TestCase(HighestE9 + TickE9, HighestE9 + TickE9, None, RejectField.BidPrice, 200_000.25)]
    [TestCase(HighestE9, HighestE9 + TickE9, None, RejectField.AskPrice, 200_000.25)]
    [TestCase(None, None, HighestE9 + TickE9, RejectField.TradePrice, 200_000.25)]
    public void ShouldNameTheFieldWhenAMarketPriceIsNotBelieved(
        long bidE9, long askE9, long tradeE9, RejectField field, double value)
    {
        using var rig = new EdgeRig();
        rig.Quote(bidE9, askE9, tradeE9, instrument: 7);
        rig.Turn();
        Assert.That(rig.Host.Ingress.MarketUpdatesAdmitted, Is.Zero);
        Assert.That(rig.Shown, Is.Empty);
        AssertRefused(rig, field, MarketUpdateLayout.TemplateId, instrument: 7, WireNull.UInt64, value);
    }

    [TestCase(HighestE9)]
    [TestCase(4_800 * E9 + TickE9 / 2)]
    public void ShouldBelieveASignalsPriceWhenItIsNotAboveTheHighest(long priceE9)
    {
        using var rig = new EdgeRig();
        rig.Signal(77, priceE9);
        rig.Turn();
        Assert.That((rig.Host.Ingress.SignalsAdmitted, rig.Host.Ingress.Rejects.Total), Is.EqualTo((1L, 0L)));
    }

    [Test]
    public void ShouldRefuseASignalsPriceWhenItIsAboveTheHighest()
    {
        using var rig = new EdgeRig();
        rig.Signal(77, HighestE9 + E9);
        rig.Turn();
        Assert.That(rig.Host.Ingress.SignalsAdmitted, Is.Zero);
        AssertRefused(rig, RejectField.Price, TradeQualifiedLayout.TemplateId, instrument: 1, 77, 200_001);
    }

    private static void AssertRefused(
        EdgeRig rig, RejectField field, ushort template, uint instrument, ulong correlation, double value)
    {
        Assert.That(rig.Host.Ingress.Rejects[RejectReason.OutOfRange], Is.EqualTo(1));
        Assert.That(rig.Host.Ingress.Rejects.Total, Is.EqualTo(1));
        var error = rig.LastError();
        Assert.That(error.Value, Is.EqualTo(value));
        Assert.That(error.RefusedTemplateId, Is.EqualTo(template));
        Assert.That((error.InstrumentId, error.CorrelationId), Is.EqualTo((instrument, correlation)));
        Assert.That(error.TimeNs, Is.EqualTo(EdgeRig.StartNs));
        Assert.That(error.Reason, Is.EqualTo((uint)RejectReason.OutOfRange));
        Assert.That(error.FieldId, Is.Not.Zero, $"{field}");
    }
}
