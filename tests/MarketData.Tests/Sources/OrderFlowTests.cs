using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.MarketData.Tests.Sources;

/// <summary>Recorded orders record by record, beside the updates that they make.</summary>
public sealed class OrderFlowTests
{
    private static readonly string Day = RepositoryFiles.SharedPathOf("data", "esh4-glbx-mdp3-20231225.mbo.dbn.gz");

    [Test]
    public void ShouldPlayNoRecordBeforeTheUpdatesOfThoseBeforeItWereTaken()
    {
        var log = new Log();
        using var flow = new OrderFlow([Day], new MarketReplayOptions { Listener = log });
        var update = default(MarketUpdate);
        var updates = 0;
        while (updates < 20_000 && flow.TryNext(ref update))
        {
            updates++;
            Assert.That(log.LatestNs, Is.EqualTo(update.ExchangeTimeNs), "the records went no further");
        }

        Assert.That(updates, Is.EqualTo(20_000));
        Assert.That(log.Early, Is.Zero, "nothing happens before the time that was told");
        Assert.That(log.Records, Is.EqualTo(flow.Counts.RecordsApplied));
    }

    [Test]
    public void ShouldPlayFilesOneAfterTheOtherAndAddUpWhatTheyHold()
    {
        var log = new Log();
        using var flow = new OrderFlow([Day, Day], new MarketReplayOptions { Listener = log });
        var update = default(MarketUpdate);
        while (flow.TryNext(ref update))
        {
        }

        Assert.That((flow.Counts.Trades, flow.Counts.TradedQuantity), Is.EqualTo((2 * 2_973L, 2 * 9_892L)));
        Assert.That(log.Files, Is.EqualTo(2));
    }

    [Test]
    public void ShouldNotPlayFilesWithoutSingleOrders()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(OrderFlow.CanPlay([Day]), Is.True);
            Assert.That(OrderFlow.CanPlay([]), Is.False);
            Assert.That(
                OrderFlow.CanPlay([Day, RepositoryFiles.SharedPathOf("data", "spy", "20131008_quote.zip")]), Is.False);
        }
    }

    private sealed class Log : IRecordListener
    {
        private readonly HashSet<DbnReplay> _files = [];
        private long _nextNs;

        public long LatestNs { get; private set; }

        public long Records { get; private set; }

        public long Early { get; private set; }

        public int Files => _files.Count;

        public void OnNext(long timeNs) => _nextNs = timeNs;

        public void OnRecord(DbnReplay replay)
        {
            _files.Add(replay);
            Early += replay.TimeNs < _nextNs ? 1 : 0;
            (Records, LatestNs) = (Records + 1, replay.TimeNs);
        }
    }
}
