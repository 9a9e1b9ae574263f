using ExecutionPipeline.Benchmarks.Journal;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Tests.Journal;

/// <summary>The journal's benchmark, tiny.</summary>
[TestFixture]
public sealed class JournalMeasuresTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-measures-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(EventKind.TradeQualified)]
    [TestCase(EventKind.MarketUpdate)]
    public void ShouldTimeEveryChunkAndAllocateNothingWhenEventsAreAppended(EventKind kind)
    {
        JournalMeasures.MeasureAppends(_folder, kind, 1_000);
        var (chunks, allocated) = JournalMeasures.MeasureAppends(_folder, kind, 5_000);

        Assert.That(chunks, Has.Length.EqualTo(5).And.Ordered.And.All.Positive);
        Assert.That(allocated, Is.Zero);
        Assert.That(Directory.EnumerateFileSystemEntries(_folder), Is.Empty, "what it wrote is removed");
    }

    [Test]
    public void ShouldTimeEveryGroupAndEveryPageWhenTheyAreSynced()
    {
        Assert.That(JournalMeasures.MeasureSyncs(_folder, 10, 3), Has.Length.EqualTo(3).And.All.Positive);
        Assert.That(JournalMeasures.MeasureDisk(_folder, 3), Has.Length.EqualTo(3).And.All.Positive);
        Assert.That(Directory.EnumerateFileSystemEntries(_folder), Is.Empty, "what they wrote is removed");
    }

    [Test]
    public void ShouldCountEveryEventWhenAJournalIsRead()
    {
        using (var rig = new JournalRig(_folder, 4_096))
            rig.AppendTimers(200);

        var read = JournalMeasures.MeasureRead(_folder);

        Assert.That((read.Events, read.Signals), Is.EqualTo((200, 0)));
        Assert.That(read.Elapsed, Is.GreaterThan(TimeSpan.Zero));
    }
}
