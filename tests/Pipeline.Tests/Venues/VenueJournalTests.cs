using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Tests.Journal;
using ExecutionPipeline.Pipeline.Tests.Recovery;

namespace ExecutionPipeline.Pipeline.Tests.Venues;

/// <summary>A venue that goes on with its journal knows what it knew, and says what it would have said.</summary>
[TestFixture]
public sealed class VenueJournalTests
{
    private CrashedFolder _folders = null!;

    [SetUp]
    public void MakeFolders() => _folders = new CrashedFolder();

    [TearDown]
    public void RemoveFolders() => _folders.Dispose();

    [Test]
    public void ShouldTellTheSameAsWithoutAnEndWhenItIsKilledAgainAndAgain()
    {
        var seed = TestSeed.Next();
        var late = new MatchingVenueOptions { LatencyNs = 400_000, JitterNs = 900_000 };
        var input = new VenueInput(new Random(seed));
        PipelineEvent[] events = [.. Enumerable.Range(0, 6_000).Select(_ => input.Next())];
        using var whole = new VenueRun(_folders.New(), late);
        foreach (ref readonly var e in events.AsSpan())
            whole.Take(in e);

        var (folder, random, told) = (_folders.New(), new Random(seed + 1), new List<ExecutionReport>());
        for (var at = 0; at < events.Length;)
        {
            var run = new VenueRun(folder, late);
            Assert.That(run.Replayed, Is.EqualTo(told), "what was told follows from what was written");
            Assert.That(run.Recovered?.Events ?? 0, Is.EqualTo(at));
            var next = Math.Min(events.Length, at + random.Next(1_000));
            for (; at < next; at++)
                run.Take(in events[at]);
            told.AddRange(run.Told);
            if (random.Next(3) == 0)
                run.Dispose();
            else
                run.Kill();
        }

        Assert.That(told, Is.EqualTo(whole.Told));
        Assert.That(told.Count(static report => report.Kind == ExecutionReportKind.Trade), Is.GreaterThan(100));
    }

    [Test]
    public void ShouldAnswerForItsOrdersAndGoOnWithItsIdsWhenItIsStartedAgain()
    {
        var input = new VenueInput(new Random(1));
        var folder = _folders.New();
        var first = new VenueRun(folder);
        foreach (var e in new[] { input.Market(), input.Order(1, Side.Buy, 2, 1), input.Order(2, Side.Buy, 5, -20) })
            first.Take(in e);
        first.Kill();
        var fill = first.Told.Single(static report => report.Kind == ExecutionReportKind.Trade);

        using var second = new VenueRun(folder);
        Assert.That((second.Recovered!.OpenOrders, second.Recovered.Note), Is.EqualTo((1, (string?)null)));
        Take(second, input.Request(VenueRequestKind.Status, 1));
        Assert.That(second.Told.Select(static report => report.Kind), Is.EqualTo(new[]
        {
            ExecutionReportKind.Trade, ExecutionReportKind.Status,
        }));
        Assert.That(second.Told[0], Is.EqualTo(fill), "the execution has the id that it had");
        Assert.That(second.Told[1].Status, Is.EqualTo(OrderStatus.Filled));
        Take(second, input.Request(VenueRequestKind.OpenOrders));
        Assert.That(
            (second.Told[2].OrderId, second.Told[2].Status, second.Told[3].OrderQuantity),
            Is.EqualTo((2UL, OrderStatus.New, 1)));
        Take(second, input.Order(1, Side.Buy, 2, 1));
        Assert.That(second.Told[4].RejectReason, Is.EqualTo(VenueRejectReason.DuplicateOrder));
        Take(second, input.Order(3, Side.Buy, 1, 1));
        Assert.That(
            second.Told.Single(static report => report is { Kind: ExecutionReportKind.Trade, OrderId: 3 }).ExecutionId,
            Is.GreaterThan(fill.ExecutionId));
    }

    [Test]
    public void ShouldCutATornEndAndSaySoWhenTheLastRecordIsNotWhole()
    {
        var input = new VenueInput(new Random(2));
        var folder = _folders.New();
        var first = new VenueRun(folder);
        foreach (var e in new[] { input.Market(), input.Order(1, Side.Buy, 2, -9), input.Order(2, Side.Buy, 2, -9) })
            first.Take(in e);
        first.Kill();
        CrashedFolder.Tear(folder);

        using var second = new VenueRun(folder);
        Assert.That((second.Recovered!.Events, second.Recovered.OpenOrders), Is.EqualTo((2, 1)));
        Assert.That(second.Recovered.Note, Does.Contain("are no whole record; the events before 2 are good"));
        Take(second, input.Request(VenueRequestKind.Status, 2));
        Assert.That(second.Told.Single().IsUnknownOrder, Is.True, "it was never answered");
    }

    [Test]
    public void ShouldNotStartWhenItsJournalIsDamagedBeforeTheEnd()
    {
        var input = new VenueInput(new Random(3));
        var folder = _folders.New();
        using (var run = new VenueRun(folder))
        {
            for (var i = 0; i < 100; i++)
                Take(run, input.Next());
        }

        var path = JournalFiles.PathOf(folder, 0);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.That(
            () => new VenueRun(folder), Throws.TypeOf<JournalDamageException>().With.Message.Contains("offset"));
    }

    [Test]
    public void ShouldNameWhoseAJournalIsWhenItIsAnothers()
    {
        var (own, pipelines) = (_folders.New(), _folders.New());
        new VenueRun(own).Dispose();
        var none = default(ConfigurationHash);
        new EventJournal(pipelines, new JournalOptions { SegmentMb = 1 }, in none).Dispose();

        Assert.That(
            () => new VenueRun(pipelines),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("of a pipeline; that of a venue is"));
        Assert.That(
            () => new JournalReader(own),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("of a venue; that of a pipeline is"));
        Assert.That(() => JournalTail.Of(own), Throws.TypeOf<InvalidDataException>());
        Assert.That(JournalSurvey.Of(own, CancellationToken.None).End, Is.EqualTo(JournalEnd.Ordered));
    }

    [Test]
    public void ShouldSayWhatDiffersWhenItIsStartedWithAnotherLatency()
    {
        var folder = _folders.New();
        new VenueRun(folder).Dispose();

        Assert.That(
            () => new VenueRun(folder, new MatchingVenueOptions { LatencyNs = 5 }),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("matching.latency_ns was 0 and is 5"));
    }

    [Test]
    public void ShouldNotStartWhenTheReplayTellsOtherThanTheRunDid()
    {
        var input = new VenueInput(new Random(4));
        var folder = _folders.New();
        using (var run = new VenueRun(folder, results: new ResultHash(0, hash: 5)))
        {
            for (var i = 0; i < 2 * ResultHash.Interval; i++)
                Take(run, input.Next());
        }

        Assert.That(
            () => new VenueRun(folder),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("is not what the run told"));
    }

    [Test]
    public void ShouldAnswerNothingWhenTheDiskDoesNotTakeWhatWasWritten()
    {
        var (input, disk) = (new VenueInput(new Random(5)), new JournalTroubleTests.TroubledFiles());
        using var run = new VenueRun(_folders.New(), files: disk);
        Take(run, input.Market());
        run.SyncBeforeAnswer();
        disk.IsFailing = true;
        Take(run, input.Order(1, Side.Buy, 2, 1));

        Assert.That(run.SyncBeforeAnswer, Throws.TypeOf<IOException>().With.Message.Contains("does not take"));
        disk.IsFailing = false;
        Assert.That(run.SyncBeforeAnswer, Throws.TypeOf<IOException>(), "nobody knows what the disk holds");
    }

    private static void Take(VenueRun run, PipelineEvent e) => run.Take(in e);
}
