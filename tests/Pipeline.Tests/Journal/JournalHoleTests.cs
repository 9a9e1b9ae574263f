using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Tests.Journal;

/// <summary>
/// A power failure lets writes that were never synced through in any order. A hole among them is a tail that is cut;
/// one before what the journal knows to be on the disk is damage.
/// </summary>
[TestFixture]
public sealed class JournalHoleTests
{
    private const int HeaderBytes = 128;
    private const int SectorBytes = 64;

    private static readonly JournalOptions Batch = new()
    {
        Mode = JournalMode.BeforeRouting,
        Sync = JournalSync.Batch,
    };

    private string _folder = "";

    private string First => JournalFiles.PathOf(_folder, 0);

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-hole-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldLeaveOutATailWithAHoleWhenItWasNeverKnownToBeOnTheDisk()
    {
        Write(synced: 10, behind: 6);
        Clear(First, OffsetOf(12), 8);

        using var reader = new JournalReader(_folder);
        Assert.That(CountOf(reader), Is.EqualTo(12));
        Assert.That((reader.End, reader.LostRecords), Is.EqualTo((JournalEnd.Torn, 3L)));
        Assert.That(
            reader.EndNote,
            Does.Contain($"offset {OffsetOf(12)}").And.Contains("never known to be on the disk")
                .And.Contains("3 whole records").And.Contains("before 12 are good"));
    }

    [Test]
    public void ShouldStopAtAHoleWhenItWasKnownToBeOnTheDisk([Range(0, 9)] int at)
    {
        Write(synced: 10, behind: 6);
        Clear(First, OffsetOf(at), 8);
        using var reader = new JournalReader(_folder);
        Assert.That(
            () => CountOf(reader),
            Throws.TypeOf<JournalDamageException>().With.Message.Contains($"before {at} are good"));
    }

    [Test]
    public void ShouldStopAtAHoleWhenTheRunSyncsNothing()
    {
        Write(synced: 0, behind: 6, Batch with { Sync = JournalSync.None });
        Clear(First, OffsetOf(3), 8);
        using var reader = new JournalReader(_folder);
        Assert.That(() => CountOf(reader), Throws.TypeOf<JournalDamageException>());
    }

    /// <summary>Of every bit of what a killed process left: nothing that an order may have left for is cut.</summary>
    [Test]
    public void ShouldNeverCutWhatIsKnownToBeOnTheDiskWhenAnyBitIsFlipped()
    {
        const int synced = 12;
        Write(synced, behind: 5);
        var whole = File.ReadAllBytes(First);
        var used = whole.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        for (var bit = 0; bit < used * 8; bit++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(First, damaged);
            AssertNoneCut(synced, $"bit {bit}");
        }
    }

    /// <summary>Of what was not synced every part of the sectors is lost, in segments that roll meanwhile.</summary>
    [TestCase(16_384)]
    [TestCase(512)]
    public void ShouldCutOnlyWhatWasNeverSyncedWhicheverSectorsAreLost(int segmentBytes)
    {
        const int synced = 7;
        using (var rig = new JournalRig(_folder, segmentBytes, Batch))
        {
            rig.AppendTimers(synced);
            rig.Journal.Sync();
            var stable = ReadAll();
            rig.AppendTimers(6, synced + 1);
            var written = ReadAll();
            rig.Journal.Abandon();
            LoseSectors(stable, written, synced);
        }
    }

    [Test]
    public void ShouldGoOnBehindACutTailAndKeepWhatWasCut()
    {
        Write(synced: 10, behind: 6);
        Clear(First, OffsetOf(12), 8);
        var tail = JournalTail.Of(_folder)!;
        Assert.That((tail.Position.Sequence, tail.End), Is.EqualTo((12L, JournalEnd.Torn)));
        var kept = tail.Cut();
        Assert.That(kept, Is.EqualTo((string[])[First + ".before-repair"]));
        Assert.That(new FileInfo(First).Length, Is.EqualTo(OffsetOf(12)));

        var none = default(ConfigurationHash);
        using (var journal = EventJournal.Continue(
            _folder, Batch, in none, tail.Position, new ResultHash(12), new MappedSegmentFiles()))
        {
            var e = JournalRig.Timer(13);
            journal.Append(in e);
        }

        using var reader = new JournalReader(_folder);
        Assert.That((CountOf(reader), reader.End), Is.EqualTo((13, JournalEnd.Ordered)));
    }

    /// <summary>A later run begins behind what is on the disk: what is missing before it was there.</summary>
    [Test]
    public void ShouldStopAtAHoleWhenALaterRunHasBegunBehindIt()
    {
        Write(synced: 10, behind: 6);
        var tail = JournalTail.Of(_folder)!;
        tail.Cut();
        var none = default(ConfigurationHash);
        var results = new ResultHash(tail.Position.Sequence);
        EventJournal.Continue(_folder, Batch, in none, tail.Position, results, new MappedSegmentFiles()).Dispose();
        Clear(First, OffsetOf(13), 8);

        Assert.That(() => JournalTail.Of(_folder), Throws.TypeOf<JournalDamageException>());
    }

    /// <summary>Its orders may have left, and nothing of them is on the disk.</summary>
    [Test]
    public void ShouldSayThatALaterRunWasCutOffWhenItsHeaderAloneIsThere()
    {
        WriteARunBehindAnEnd(out var second);
        Clear(second, HeaderBytes, 80);

        var tail = JournalTail.Of(_folder)!;
        Assert.That((tail.End, tail.Position.Sequence), Is.EqualTo((JournalEnd.CutOff, 10L)));
    }

    [Test]
    public void ShouldCutTheFirstRecordOfALaterRunWhenItIsTorn()
    {
        WriteARunBehindAnEnd(out var second);
        Clear(second, HeaderBytes + 16, 64);

        var tail = JournalTail.Of(_folder)!;
        Assert.That((tail.End, tail.Position.Sequence), Is.EqualTo((JournalEnd.Torn, 10L)));
    }

    /// <summary>A run of ten events with an end, and one behind it that is cut off behind one event.</summary>
    private void WriteARunBehindAnEnd(out string second)
    {
        using (var rig = new JournalRig(_folder, 16_384, Batch))
            rig.AppendTimers(10);

        var tail = JournalTail.Of(_folder)!;
        Assert.That(tail.End, Is.EqualTo(JournalEnd.Ordered));
        var none = default(ConfigurationHash);
        using var journal = EventJournal.Continue(
            _folder, Batch, in none, tail.Position, new ResultHash(10), new MappedSegmentFiles());
        var e = JournalRig.Timer(11);
        journal.Append(in e);
        journal.Abandon();
        second = JournalFiles.PathOf(_folder, 1);
    }

    private void Write(int synced, int behind, JournalOptions? options = null)
    {
        using var rig = new JournalRig(_folder, 16_384, options ?? Batch);
        rig.AppendTimers(synced);
        if (synced > 0)
            rig.Journal.Sync();
        rig.AppendTimers(behind, (ulong)synced + 1);
        rig.Journal.Abandon();
    }

    /// <summary>Where an event begins, as an undamaged journal has it.</summary>
    private long OffsetOf(int sequence)
    {
        const int timerBytes = 80;
        const int markBytes = 32;
        return HeaderBytes + sequence * timerBytes + (sequence >= 10 ? markBytes : 0);
    }

    private Dictionary<string, byte[]> ReadAll() =>
        JournalFiles.In(_folder).Values.ToDictionary(static path => path, static path => ReadShared(path));

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private void LoseSectors(Dictionary<string, byte[]> stable, Dictionary<string, byte[]> written, int synced)
    {
        var places = new List<(string Path, int Offset)>();
        foreach (var (path, bytes) in written)
        {
            for (var at = 0; at < bytes.Length; at += SectorBytes)
            {
                var isOld = stable.TryGetValue(path, out var old);
                var before = isOld ? old.AsSpan(at, SectorBytes) : new byte[SectorBytes];
                if (!before.SequenceEqual(bytes.AsSpan(at, SectorBytes)))
                    places.Add((path, at));
            }
        }

        Assert.That(places, Has.Count.InRange(8, 16));
        var random = new Random(1);
        for (var lost = 0; lost < 1 << Math.Min(places.Count, 11); lost++)
        {
            var mask = places.Count <= 11 ? lost : random.Next(1 << places.Count);
            LoseSectors(stable, written, places, mask);
            AssertNoneCut(synced, $"sectors {mask:x}");
            var tail = JournalTail.Of(_folder)!;
            using var reader = new JournalReader(_folder);
            Assert.That(tail.Position.Sequence, Is.EqualTo(CountOf(reader)), $"sectors {mask:x}");
        }
    }

    private void LoseSectors(
        Dictionary<string, byte[]> stable, Dictionary<string, byte[]> written, List<(string Path, int Offset)> places,
        int mask)
    {
        foreach (var (path, bytes) in written)
        {
            var left = (byte[])bytes.Clone();
            for (var i = 0; i < places.Count; i++)
            {
                if (places[i].Path != path || (mask >> i & 1) == 0)
                    continue;

                var sector = left.AsSpan(places[i].Offset, SectorBytes);
                sector.Clear();
                if (stable.TryGetValue(path, out var old))
                    old.AsSpan(places[i].Offset, SectorBytes).CopyTo(sector);
            }

            File.WriteAllBytes(path, left);
        }
    }

    private void AssertNoneCut(int synced, string what)
    {
        try
        {
            using var reader = new JournalReader(_folder);
            Assert.That(CountOf(reader), Is.GreaterThanOrEqualTo(synced), what);
        }
        catch (Exception found) when (found is JournalDamageException or InvalidDataException)
        {
            Assert.That(what, Does.StartWith("bit"), found.Message);
        }
    }

    private static void Clear(string path, long offset, int bytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.Position = offset;
        file.Write(new byte[bytes]);
    }

    private static int CountOf(JournalReader reader)
    {
        var e = default(PipelineEvent);
        var count = 0;
        while (reader.TryRead(ref e))
        {
            Assert.That(e.Header.CorrelationId, Is.EqualTo((ulong)count + 1));
            count++;
        }

        return count;
    }
}
