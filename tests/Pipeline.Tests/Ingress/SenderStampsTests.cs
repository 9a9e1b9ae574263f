using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;

namespace ExecutionPipeline.Pipeline.Tests.Ingress;

public class SenderStampsTests
{
    private const long Stamp = 1_000;

    [TestCase(300, ExpectedResult = 700, Description = "the system's time is ahead of the pipeline's")]
    [TestCase(-300, ExpectedResult = 1_300, Description = "it is behind")]
    [TestCase(0, ExpectedResult = Stamp)]
    [TestCase(Stamp - 1, ExpectedResult = 1)]
    [TestCase(Stamp, ExpectedResult = 1, Description = "the edge takes no time of 0")]
    [TestCase(long.MaxValue, ExpectedResult = 1)]
    [TestCase(-(long.MaxValue - Stamp), ExpectedResult = long.MaxValue)]
    [TestCase(-long.MaxValue, ExpectedResult = long.MaxValue, Description = "nor one that has overflown")]
    public long ShouldBringAStampToThePipelinesTimeWhenTheSystemsDiffers(long aheadNs) =>
        Shifted(EventKind.Command, aheadNs).Command.SendTimeNs;

    [Test]
    public void ShouldShiftEachStampThatItsKindHas()
    {
        var signal = Shifted(EventKind.TradeQualified, 300).TradeQualified;
        var market = Shifted(EventKind.MarketUpdate, 300).MarketUpdate;

        Assert.That((signal.SendTimeNs, signal.IntendedSendTimeNs), Is.EqualTo((700L, 650L)));
        Assert.That(market.SendTimeNs, Is.EqualTo(700L));
        Assert.That(market.ExchangeTimeNs, Is.EqualTo(900L), "that is the exchange's clock");
    }

    private static EventPayload Shifted(EventKind kind, long aheadNs)
    {
        EventPayload payload = default;
        if (kind == EventKind.TradeQualified)
        {
            payload.TradeQualified.SendTimeNs = Stamp;
            payload.TradeQualified.IntendedSendTimeNs = Stamp - 50;
        }
        else if (kind == EventKind.MarketUpdate)
        {
            payload.MarketUpdate.SendTimeNs = Stamp;
            payload.MarketUpdate.ExchangeTimeNs = Stamp - 100;
        }
        else
        {
            payload.Command.SendTimeNs = Stamp;
        }

        SenderStamps.Shift(kind, ref payload, aheadNs);
        return payload;
    }
}
