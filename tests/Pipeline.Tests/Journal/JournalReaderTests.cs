using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Journal;

[TestFixture]
public sealed class JournalReaderTests
{
    private const int HeaderBytes = 128;
    private const int TimerBytes = 80;

    private string _folder = "";

    private string First => JournalFiles.PathOf(_folder, 0);

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-journal-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldReadEveryKindAsItWasAppendedWhenSegmentsRoll()
    {
        var input = new SeededInput(TestSeed.Next(), 2);
        var appended = new List<PipelineEvent>();
        using (var rig = new JournalRig(_folder, 4_096))
        {
            var e = default(PipelineEvent);
            for (var i = 0; i < 1_000; i++)
            {
                input.Next(ref e.Header, ref e.Payload);
                appended.Add(e);
                rig.Append(ref e);
            }
        }

        Assert.That(JournalFiles.In(_folder), Has.Count.GreaterThan(20));
        using var reader = new JournalReader(_folder);
        var read = default(PipelineEvent);
        foreach (var expected in appended)
        {
            Assert.That(reader.TryRead(ref read), reader.EndNote);
            Assert.That(read.Header, Is.EqualTo(expected.Header));
            Assert.That(JournalRig.PayloadOf(in read), Is.EqualTo(JournalRig.PayloadOf(in expected)));
        }

        Assert.That(reader.TryRead(ref read), Is.False);
        Assert.That((reader.End, reader.EndNote), Is.EqualTo((JournalEnd.Ordered, (string?)null)));
    }

    /// <summary>Where the journal is a follower of the ring, the stages can be ahead of it.</summary>
    [Test]
    public void ShouldWriteACheckpointBehindItsLastEventWhenTheStagesAreAhead()
    {
        const int events = ResultHash.Interval + 3;
        using (var rig = new JournalRig(_folder, 1 << 20))
        {
            for (var i = 0; i < events; i++)
            {
                var e = JournalRig.Timer((ulong)i + 1);
                rig.Journal.Results.Fold(in e);
            }

            rig.AppendTimers(events);
        }

        using var reader = new JournalReader(_folder);
        var read = default(PipelineEvent);
        while (reader.TryReadRecord(ref read) && reader.Kind != RecordKind.Checkpoint)
        {
        }

        const long checkpoint = ResultHash.Interval;
        Assert.That((reader.CheckpointSequence, reader.Count), Is.EqualTo((checkpoint, checkpoint)));
        Assert.That(CountOf(reader), Is.EqualTo(3));
    }

    /// <summary>
    /// A piece of the file that is read while it is written may have the later bytes of a record from before its first.
    /// </summary>
    [Test]
    public void ShouldReadARecordAgainWhenItWasReadAsItWasWritten()
    {
        WriteTimers(3);
        var whole = File.ReadAllBytes(First);
        var early = whole.ToArray();
        early.AsSpan(HeaderBytes + TimerBytes + 16, TimerBytes - 16).Clear();
        File.WriteAllBytes(First, early);
        using var reader = new JournalReader(_folder) { IsFollowing = true };
        var e = default(PipelineEvent);
        Assert.That(reader.TryRead(ref e), Is.True);

        File.WriteAllBytes(First, whole);

        Assert.That(CountOf(reader), Is.EqualTo(2));
        Assert.That(reader.End, Is.EqualTo(JournalEnd.Ordered));
    }

    [TestCase(1, 3, JournalEnd.Torn, 9)]
    [TestCase(16, 3, JournalEnd.CutOff, 0)]
    [TestCase(17, 3, JournalEnd.Torn, 31)]
    [TestCase(48, 3, JournalEnd.CutOff, 0)]
    [TestCase(49, 2, JournalEnd.Torn, 79)]
    [TestCase(48 + TimerBytes, 2, JournalEnd.CutOff, 0)]
    [TestCase(48 + 3 * TimerBytes, 0, JournalEnd.CutOff, 0)]
    public void ShouldSayHowItWasCutOff(int missing, int events, JournalEnd end, int torn)
    {
        WriteTimers(3);
        using (var file = new FileStream(First, FileMode.Open))
            file.SetLength(file.Length - missing);

        using var reader = new JournalReader(_folder);
        Assert.That(CountOf(reader), Is.EqualTo(events));
        Assert.That((reader.End, reader.TornBytes), Is.EqualTo((end, (long)torn)));
    }

    [Test]
    public void ShouldFindEveryFlippedBitOfEverySegment()
    {
        using (var rig = new JournalRig(_folder, 1_024))
            rig.AppendTimers(24);
        var segments = JournalFiles.In(_folder);
        Assert.That(segments, Has.Count.EqualTo(3));
        foreach (var path in segments.Values)
        {
            var whole = File.ReadAllBytes(path);
            for (var bit = 0; bit < whole.Length * 8; bit++)
            {
                var damaged = (byte[])whole.Clone();
                damaged[bit / 8] ^= (byte)(1 << (bit % 8));
                File.WriteAllBytes(path, damaged);
                AssertFound(path, bit / 8, whole.Length);
            }

            File.WriteAllBytes(path, whole);
        }
    }

    [Test]
    public void ShouldTakeForTornWhatACrashLeavesBehindAtAnyByte()
    {
        WriteTimers(4);
        var whole = File.ReadAllBytes(First);
        for (var length = HeaderBytes; length < whole.Length - RecordLayout.HeaderBytes; length++)
        {
            File.WriteAllBytes(First, [.. whole[..length], .. new byte[4_096]]);
            using var reader = new JournalReader(_folder);
            Assert.That(CountOf(reader), Is.EqualTo(Math.Min(4, (length - HeaderBytes) / TimerBytes)), $"{length}");
            Assert.That(reader.End, Is.AnyOf(JournalEnd.Torn, JournalEnd.CutOff), $"{length}");
        }
    }

    [Test]
    public void ShouldFindAnEventThatIsMissingOrMoved()
    {
        WriteTimers(3);
        var whole = File.ReadAllBytes(First);
        File.WriteAllBytes(First, [.. whole[..(HeaderBytes + TimerBytes)], .. whole[(HeaderBytes + 2 * TimerBytes)..]]);

        using var reader = new JournalReader(_folder);
        Assert.That(
            () => CountOf(reader),
            Throws.TypeOf<JournalDamageException>()
                .With.Message.Contains($"offset {HeaderBytes + TimerBytes}").And.Message.Contains("before 1 are good"));
    }

    [Test]
    public void ShouldFindASegmentThatIsMissingOrOfAnotherRun()
    {
        using (var rig = new JournalRig(_folder, 1_024))
            rig.AppendTimers(40);
        var middle = JournalFiles.PathOf(_folder, 1);
        var kept = File.ReadAllBytes(middle);
        File.Delete(middle);
        AssertDamaged("missing");

        var other = Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName;
        using (var rig = new JournalRig(other, 1_024))
            rig.AppendTimers(40, firstId: 2);
        File.Copy(JournalFiles.PathOf(other, 1), middle);
        AssertDamaged("records are missing");
        File.WriteAllBytes(middle, kept);
        using var whole = new JournalReader(_folder);
        Assert.That(CountOf(whole), Is.EqualTo(40));
    }

    [TestCase(0, 0xFF, "XPJRNL")]
    [TestCase(8, 0x09, "version 9")]
    [TestCase(40, 0x07, "header is damaged")]
    public void ShouldSayWhatIsWrongWithTheHeader(int offset, byte value, string expected)
    {
        WriteTimers(3);
        var bytes = File.ReadAllBytes(First);
        bytes[offset] = value;
        File.WriteAllBytes(First, bytes);

        Assert.That(
            () => new JournalReader(_folder), Throws.TypeOf<InvalidDataException>().With.Message.Contains(expected));
    }

    [Test]
    public void ShouldSayThatThereIsNoJournal()
    {
        Assert.That(
            () => new JournalReader(_folder),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("no journal"));
        File.WriteAllBytes(First, []);
        Assert.That(
            () => new JournalReader(_folder), Throws.TypeOf<InvalidDataException>().With.Message.Contains("too short"));
        Assert.That(
            () => new JournalReader(First), Throws.TypeOf<InvalidDataException>().With.Message.Contains("a folder"));
    }

    [Test]
    public void ShouldFollowAJournalThatIsWritten()
    {
        using var rig = new JournalRig(_folder, 1_024);
        using var reader = new JournalReader(_folder) { IsFollowing = true };
        var e = default(PipelineEvent);
        for (var id = 1UL; id <= 60; id++)
        {
            Assert.That(reader.TryRead(ref e), Is.False);
            rig.AppendTimers(1, id);
            Assert.That(reader.TryRead(ref e), Is.True, $"{id}");
            Assert.That(e.Header.CorrelationId, Is.EqualTo(id));
        }
    }

    [TestCase(0)]
    [TestCase(3)]
    public void ShouldSayThatAnotherJournalIsThereWhenTheFollowedOneIsWrittenOver(int written)
    {
        WriteTimers(2);
        using var reader = new JournalReader(_folder) { IsFollowing = true };
        Assert.That(CountOf(reader), Is.EqualTo(2));

        File.Delete(First);
        if (written > 0)
            WriteTimers(written);

        var e = default(PipelineEvent);
        Assert.That(
            () => reader.TryRead(ref e),
            Throws.TypeOf<JournalDamageException>().With.Message.Contains("taken this one's place"));
    }

    [Test]
    public void ShouldReadTheOtherJournalWhenTheFollowedOneIsWrittenOverBeforeItsFirstEvent()
    {
        WriteTimers(1);
        using (var file = new FileStream(First, FileMode.Open))
            file.SetLength(HeaderBytes);
        using var reader = new JournalReader(_folder) { IsFollowing = true };
        Assert.That(CountOf(reader), Is.Zero);
        File.Delete(First);
        WriteTimers(3);

        // The first of these looks finds that another file is there, the second one reads it.
        Assert.That(CountOf(reader) + CountOf(reader), Is.EqualTo(3));
    }

    private void WriteTimers(int count)
    {
        using var rig = new JournalRig(_folder, 4_096);
        rig.AppendTimers(count);
    }

    private void AssertFound(string path, int offset, int length)
    {
        var at = $"{Path.GetFileName(path)} of {length} bytes: {offset}";
        try
        {
            using var reader = new JournalReader(_folder);
            CountOf(reader);
            Assert.That(reader.End, Is.Not.EqualTo(JournalEnd.Ordered), at);
            Assert.That(path, Is.EqualTo(JournalFiles.PathOf(_folder, 2)), at);
        }
        catch (Exception found) when (found is JournalDamageException or InvalidDataException)
        {
            Assert.That(found.Message, Does.Contain(".journal"), at);
        }
    }

    private void AssertDamaged(string expected)
    {
        using var reader = new JournalReader(_folder);
        Assert.That(() => CountOf(reader), Throws.TypeOf<JournalDamageException>().With.Message.Contains(expected));
    }

    private static int CountOf(JournalReader reader)
    {
        var e = default(PipelineEvent);
        var count = 0;
        while (reader.TryRead(ref e))
            count++;
        return count;
    }

    [Test]
    public void ShouldWaitForTheNextSegmentWhenItIsLaidOutAndRemovedMeanwhile()
    {
        using (var rig = new JournalRig(_folder, 4_096))
            rig.AppendTimers(1);

        using var reader = new JournalReader(_folder) { IsFollowing = true };
        var next = JournalFiles.PathOf(_folder, JournalFiles.In(_folder).Keys.Last() + 1);
        var isEnding = false;
        var layer = new Thread(() =>
        {
            while (!Volatile.Read(ref isEnding))
            {
                using (var file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
                    file.SetLength(4_096);
                File.Delete(next);
            }
        });
        layer.Start();
        try
        {
            var (e, events) = (default(PipelineEvent), 0);
            for (var turn = 0; turn < 20_000; turn++)
                events += reader.TryRead(ref e) ? 1 : 0;
            Assert.That((events, reader.TornBytes), Is.EqualTo((1, 0)));
        }
        finally
        {
            Volatile.Write(ref isEnding, true);
            layer.Join();
        }
    }
}
