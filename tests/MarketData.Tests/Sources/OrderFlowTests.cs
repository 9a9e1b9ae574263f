using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.MarketData.Tests.Dbn;
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

    /// <summary>What is due before the first event behind a snapshot meets the market without that event.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void ShouldTellTheTimeOfTheFirstEventBehindASnapshotBeforeItIsPlayed(bool isAnotherInstruments)
    {
        const long hourNs = 3_600_000_000_000;
        var next = isAnotherInstruments ? 2U : 1U;
        using var flow = new MarketReplay(
            new DbnFileBuilder()
                .Add(MboAction.Add, MboSide.Bid, 1, 100, 5, instrumentId: 1)
                .Add(MboAction.Clear, MboSide.None, 0, 0, 0, MboFlags.Snapshot, 2_000, 1)
                .Add(MboAction.Add, MboSide.Bid, 2, 100, 5, MboFlags.Snapshot, 2_000, 1)
                .Add(MboAction.Add, MboSide.Ask, 3, 101, 5, MboFlags.Snapshot, 2_000, 1)
                .Add(MboAction.Trade, MboSide.Bid, 0, 101, 1, timeNs: hourNs, instrumentId: next).Open(),
            new MarketReplayOptions { InstrumentIds = [1, 2], Listener = new Calls(out var calls) });
        var update = default(MarketUpdate);
        while (flow.TryNext(ref update))
        {
        }

        Assert.That(calls, Is.EqualTo(new[]
        {
            "until 1000", "Add", "until 2000", "Clear", "Add", "Add", $"until {hourNs}", "Trade",
        }));
    }

    private sealed class Calls : IRecordListener
    {
        private readonly List<string> _calls = [];

        public Calls(out IReadOnlyList<string> calls) => calls = _calls;

        public void OnNext(long timeNs) => _calls.Add($"until {timeNs}");

        public void OnRecord(DbnReplay replay) => _calls.Add($"{replay.Record.Action}");
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
