using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Tests.Journal;

/// <summary>
/// A segment of zeros lies ready at the end of a journal. With a begun one behind it, what was in it is missing: that
/// is damage like any other, where it was known to be on the disk.
/// </summary>
[TestFixture]
public sealed class ZeroedSegmentTests
{
    private const int SegmentBytes = 512;
    private const int Events = 14;

    /// <summary>Timers in the first segment, which keeps room for a mark.</summary>
    private const int EventsOfFirst = 4;

    private static readonly JournalOptions Batch = new()
    {
        Mode = JournalMode.BeforeRouting,
        Sync = JournalSync.Batch,
    };

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-zeroed-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(1)]
    [TestCase(2)]
    public void ShouldStopAtSegmentsOfZerosWhenWhatIsMissingWasKnownToBeOnTheDisk(int zeroed)
    {
        Write(Batch, syncedAt: 7);
        Clear(firstNumber: 1, zeroed);

        AssertDamaged();
    }

    [Test]
    public void ShouldStopAtASegmentOfZerosWhenTheRunSyncsNothing()
    {
        Write(Batch with { Sync = JournalSync.None }, syncedAt: 0);
        Clear(firstNumber: 1, count: 1);

        AssertDamaged();
    }

    [Test]
    public void ShouldCutATailWithASegmentOfZerosWhenItWasNeverKnownToBeOnTheDisk()
    {
        Write(Batch, syncedAt: 0);
        Clear(firstNumber: 1, count: 1);

        var survey = JournalSurvey.Of(_folder, CancellationToken.None);
        Assert.That((survey.IsDamaged, survey.End), Is.EqualTo((false, JournalEnd.Torn)));
        Assert.That(survey.Problem, Does.Contain("never known to be on the disk").And.Contains("before 4 are good"));
        var tail = JournalTail.Of(_folder)!;
        Assert.That((tail.End, tail.Position.Sequence), Is.EqualTo((JournalEnd.Torn, (long)EventsOfFirst)));
        Assert.That(tail.LostRecords, Is.EqualTo(Events - 2 * EventsOfFirst));
        tail.Cut();
        Assert.That(JournalFiles.In(_folder).Keys, Is.EqualTo(new long[] { 0 }));
        using var reader = new JournalReader(_folder);
        Assert.That((CountOf(reader), reader.End), Is.EqualTo((EventsOfFirst, JournalEnd.CutOff)));
    }

    /// <summary>The header of a run's first segment is on the disk before anything is written behind it.</summary>
    [Test]
    public void ShouldStopAtASegmentOfZerosWhenALaterRunBeganWithIt()
    {
        using (var rig = new JournalRig(_folder, 4_096, Batch))
            rig.AppendTimers(EventsOfFirst);
        var tail = JournalTail.Of(_folder)!;
        var none = default(ConfigurationHash);
        using (var journal = EventJournal.Continue(
            _folder, Batch with { SmallSegmentBytes = SegmentBytes }, in none, tail.Position,
            new ResultHash(EventsOfFirst), new MappedSegmentFiles(), time: TimeProvider.System))
        {
            for (var id = EventsOfFirst + 1; id <= Events; id++)
            {
                var e = JournalRig.Timer((ulong)id);
                journal.Append(in e);
                journal.Keeper.TakeTurn(0);
            }

            journal.Abandon();
        }

        Clear(firstNumber: 1, count: 1);

        AssertDamaged();
    }

    [Test]
    public void ShouldTakeAllThatIsThereWhenTheSegmentsBehindItLieReady()
    {
        Write(Batch, syncedAt: 7);
        var last = JournalFiles.In(_folder).Keys.Last();
        File.WriteAllBytes(JournalFiles.PathOf(_folder, last + 1), new byte[SegmentBytes]);

        using var reader = new JournalReader(_folder);
        Assert.That((CountOf(reader), reader.End), Is.EqualTo((Events, JournalEnd.CutOff)));
    }

    private void Write(JournalOptions options, int syncedAt)
    {
        using var rig = new JournalRig(_folder, SegmentBytes, options);
        rig.AppendTimers(syncedAt);
        if (syncedAt > 0)
            rig.Journal.Sync();
        rig.AppendTimers(Events - syncedAt, (ulong)syncedAt + 1);
        rig.Journal.Abandon();
    }

    private void Clear(long firstNumber, int count)
    {
        for (var number = firstNumber; number < firstNumber + count; number++)
        {
            var path = JournalFiles.PathOf(_folder, number);
            File.WriteAllBytes(path, new byte[new FileInfo(path).Length]);
        }
    }

    private void AssertDamaged()
    {
        using (var reader = new JournalReader(_folder))
        {
            Assert.That(
                () => CountOf(reader),
                Throws.TypeOf<JournalDamageException>().With.Message.Contains("the next segment holds nothing")
                    .And.Message.Contains($"the events before {EventsOfFirst} are good"));
        }

        var survey = JournalSurvey.Of(_folder, CancellationToken.None);
        Assert.That((survey.IsDamaged, survey.Good.Sequence), Is.EqualTo((true, (long)EventsOfFirst)));
        Assert.That(() => JournalTail.Of(_folder), Throws.TypeOf<JournalDamageException>());
    }

    private static int CountOf(JournalReader reader)
    {
        var e = default(PipelineEvent);
        var count = 0;
        while (reader.TryRead(ref e))
            count++;
        return count;
    }
}
