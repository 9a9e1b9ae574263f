using ExecutionPipeline.Cli.Engine;

namespace ExecutionPipeline.Cli.Tests.Engine;

public sealed class MarketFeedTests
{
    [Test]
    public void ShouldPlayAtItsSpeedWhenStarted()
    {
        var feed = new MarketFeed(
            new ListSource(ListSource.Quote(1_000), ListSource.Quote(7_000), ListSource.Quote(7_000)), speed: 60);
        feed.Start(5_000);

        Assert.That(feed.IsDue(4_999), Is.False);
        Assert.That(feed.IsDue(5_000), Is.True);
        feed.Take(out var first);
        Assert.That(first.ExchangeTimeNs, Is.EqualTo(1_000));
        Assert.That(feed.IsDue(5_099), Is.False, "6,000 ns at 60 times real time");
        Assert.That(feed.IsDue(5_100), Is.True);
        feed.Take(out _);
        Assert.That(feed.IsDue(5_100), Is.True, "the same time");
        feed.Take(out _);
        Assert.That(feed.HasNext, Is.False);
        Assert.That(feed.IsDue(long.MaxValue), Is.False);
    }

    [Test]
    public void ShouldCutPausesWhenTheyAreLong()
    {
        const long day = 86_400_000_000_000;
        var feed = new MarketFeed(new ListSource(ListSource.Quote(0), ListSource.Quote(day)), speed: 1);
        feed.Start(0);
        feed.Take(out _);

        Assert.That(feed.IsDue(MarketFeed.LongestGapNs - 1), Is.False);
        Assert.That(feed.IsDue(MarketFeed.LongestGapNs), Is.True);
    }

    [Test]
    public void ShouldKeepTheLastQuoteWithBothSidesWhenOneIsMissingOrTheyCross()
    {
        var feed = new MarketFeed(
            new ListSource(
                ListSource.OneSided(0),
                ListSource.Quote(1, bidE9: 7_000_000_000, askE9: 7_250_000_000),
                ListSource.OneSided(2),
                ListSource.Quote(3, bidE9: 9_000_000_000, askE9: 8_000_000_000)),
            speed: 1);

        feed.Take(out _);
        Assert.That(feed.HasQuote, Is.False);
        feed.Take(out _);
        feed.Take(out _);
        feed.Take(out _);
        Assert.That(feed.Quote.BidPriceE9, Is.EqualTo(7_000_000_000));
    }
}
