using ExecutionPipeline.Execution.Trades;

namespace ExecutionPipeline.Execution.Tests.Trades;

[TestFixture]
public class ExcursionTrackerTests
{
    [Test]
    public void ShouldKnowTheExtremesSinceEachOpeningWhenPricesFollow()
    {
        var tracker = new ExcursionTracker(1, 4);
        var first = tracker.Open(0);
        tracker.Observe(0, 110);
        tracker.Observe(0, 90);
        var second = tracker.Open(0);
        tracker.Observe(0, 100);

        Assert.That(tracker.TryHighSince(0, first, out var high) ? high : -1, Is.EqualTo(110));
        Assert.That(tracker.TryLowSince(0, first, out var low) ? low : -1, Is.EqualTo(90));
        Assert.That(tracker.TryHighSince(0, second, out high) ? high : -1, Is.EqualTo(100));
        Assert.That(tracker.TryLowSince(0, second, out low) ? low : -1, Is.EqualTo(100));
        Assert.That(tracker.TryHighSince(0, tracker.Open(0), out _), Is.False, "no price since");
    }

    /// <summary>One trade stays open while many come and go in a market that only falls: nothing may be forgotten.
    /// </summary>
    [Test]
    public void ShouldAgreeWithAListWhenTradesComeAndGoForLong()
    {
        const int most = 12;
        var random = TestSeed.NewRandom();
        var tracker = new ExcursionTracker(2, most);
        var open = new List<(long Epoch, List<long> Seen)>();
        var drift = 0L;
        for (var step = 0; step < 50_000; step++)
        {
            if (step % 5_000 == 0)
                drift = random.Next(3) - 1;

            if (open.Count < most && random.Next(3) == 0)
            {
                if (tracker.IsFull(1))
                    tracker.Compact(1, [.. open.Select(static trade => trade.Epoch)]);
                open.Add((tracker.Open(1), []));
            }

            var price = 1_000_000 + drift * (step % 5_000) * 10 + random.Next(20);
            tracker.Observe(1, price);
            open.ForEach(trade => trade.Seen.Add(price));
            if (open.Count > 2 && random.Next(3) == 0)
            {
                // The oldest stays long.
                var place = random.Next(200) == 0 ? 0 : random.Next(1, open.Count);
                var (epoch, seen) = open[place];
                Assert.That(tracker.TryHighSince(1, epoch, out var high) && high == seen.Max());
                Assert.That(tracker.TryLowSince(1, epoch, out var low) && low == seen.Min());
                open.RemoveAt(place);
            }
        }
    }
}
