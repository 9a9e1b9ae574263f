using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Snapshots;

namespace ExecutionPipeline.Pipeline.Tests.Snapshots;

[TestFixture]
public sealed class SnapshotFileTests
{
    private string _folder = "";

    [SetUp]
    public void Name() => _folder = Path.Combine(Path.GetTempPath(), $"xp-snapshots-{Guid.NewGuid():N}");

    [TearDown]
    public void Remove()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(7)]
    [TestCase(8)]
    [TestCase(1_000)]
    public void ShouldReadWhatWasWritten(int length)
    {
        var written = Small(5, length);
        var folder = new SnapshotFolder(_folder);
        folder.Add(written);
        var read = SnapshotFile.Read(folder.PathOf(5));

        Assert.That(read.State.ToArray(), Is.EqualTo(written.State.ToArray()));
        Assert.That(
            (read.Sequence, read.TimeNs, read.ModelVersion, read.StateHash, read.Configuration.ToString()),
            Is.EqualTo((5, 6, 7, written.StateHash, written.Configuration.ToString())));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(1), "nothing unfinished is left");
    }

    [Test]
    public void ShouldRefuseWithTheFilesNameWhenAnyBitIsFlipped()
    {
        var folder = new SnapshotFolder(_folder);
        folder.Add(Small(5, 200));
        var bytes = File.ReadAllBytes(folder.PathOf(5));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.That(
                () => SnapshotFile.Parse(bytes, "here"),
                Throws.TypeOf<SnapshotException>().With.Message.StartsWith("here: "),
                $"bit {bit % 8} of byte {bit / 8}");
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
        }

        Assert.That(() => SnapshotFile.Parse(bytes, "here"), Throws.Nothing);
    }

    [Test]
    public void ShouldRefuseWhenItIsCutOffOrLonger()
    {
        var folder = new SnapshotFolder(_folder);
        folder.Add(Small(5, 100));
        var bytes = File.ReadAllBytes(folder.PathOf(5));
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = bytes.AsMemory(0, length);
            Assert.That(() => SnapshotFile.Parse(cut, "here"), Throws.TypeOf<SnapshotException>());
        }

        Assert.That(() => SnapshotFile.Parse((byte[])[.. bytes, 0], "here"), Throws.TypeOf<SnapshotException>());
    }

    [Test]
    public void ShouldNameTheDamagedOneAndTakeTheOneBeforeWhenTheNewestIsDamaged()
    {
        var folder = new SnapshotFolder(_folder);
        foreach (var sequence in new long[] { 10, 20, 30 })
            folder.Add(Small(sequence, 100), kept: 3);
        using (var file = new FileStream(folder.PathOf(30), FileMode.Open))
        {
            file.Seek(120, SeekOrigin.Begin);
            file.WriteByte(0xFF);
        }

        var told = new List<string>();
        var found = folder.FindNewest(ConfigurationOf(1), until: 100, told.Add);

        Assert.That(found?.Sequence, Is.EqualTo(20));
        Assert.That(told, Has.Count.EqualTo(1));
        Assert.That(told[0], Does.StartWith(folder.PathOf(30)));
        Assert.That(folder.FindNewest(ConfigurationOf(1), until: 19, told.Add)?.Sequence, Is.EqualTo(10));
        Assert.That(folder.FindNewest(ConfigurationOf(1), until: 9, told.Add), Is.Null);
    }

    [Test]
    public void ShouldPassOverASnapshotOfAnotherConfiguration()
    {
        var folder = new SnapshotFolder(_folder);
        folder.Add(Small(10, 100));
        var told = new List<string>();

        Assert.That(folder.FindNewest(ConfigurationOf(2), until: 100, told.Add), Is.Null);
        Assert.That(told, Has.Exactly(1).Contains("another configuration"));
    }

    [Test]
    public void ShouldKeepTheNewestOnesWhenMoreAreAdded()
    {
        var folder = new SnapshotFolder(_folder);
        Assert.That(folder.Sequences, Is.Empty, "there is no folder yet");
        foreach (var sequence in new long[] { 1, 22, 333, 4_444 })
            folder.Add(Small(sequence, 10));

        Assert.That(folder.Sequences, Is.EqualTo(new long[] { 4_444, 333 }));
    }

    /// <summary>What is newer holds events that a journal has lost, until its next start removes it.</summary>
    [Test]
    public void ShouldKeepTheOneThatIsAddedWhenItIsOlderThanOthers()
    {
        var folder = new SnapshotFolder(_folder);
        foreach (var sequence in new long[] { 8, 9, 40, 50, 10 })
            folder.Add(Small(sequence, 10), kept: sequence == 50 ? 4 : 2);

        Assert.That(folder.Sequences, Is.EqualTo(new long[] { 50, 40, 10, 9 }));
    }

    /// <summary>Another process may remove it meanwhile.</summary>
    [Test]
    public void ShouldSayThatNothingIsSetAsideWhenTheUnusableOneHasGoneMeanwhile()
    {
        var folder = new SnapshotFolder(_folder);
        folder.Add(Small(10, 100));
        folder.Add(Small(20, 100));
        File.WriteAllText(folder.PathOf(10), "damaged");
        var told = new List<string>();
        var aside = folder.SetUnusableAside(ConfigurationOf(1), good: 20, why =>
        {
            told.Add(why);
            File.Delete(folder.PathOf(10));
        });

        Assert.That(aside, Is.Empty);
        Assert.That(told, Has.Count.EqualTo(2).And.All.StartsWith(folder.PathOf(10)));
    }

    [Test]
    public void ShouldRemoveUnusableOnesWhenTheyAreOlderThanWhatIsKept()
    {
        var folder = new SnapshotFolder(_folder);
        Directory.CreateDirectory(_folder);
        var (old, between) = (folder.PathOf(5) + ".unusable", folder.PathOf(15) + ".unusable");
        File.WriteAllText(old, "damaged");
        File.WriteAllText(between, "damaged");
        folder.Add(Small(10, 100));
        folder.Add(Small(20, 100));
        Assert.That(
            Directory.GetFiles(_folder), Is.EquivalentTo(new[] { folder.PathOf(10), folder.PathOf(20), between }));
        folder.Add(Small(30, 100));
        Assert.That(Directory.GetFiles(_folder), Is.EquivalentTo(new[] { folder.PathOf(20), folder.PathOf(30) }));
    }

    [Test]
    public void ShouldRemoveUnusableOnesWhenAllAreRemoved()
    {
        var folder = new SnapshotFolder(_folder);
        folder.Add(Small(10, 100));
        File.WriteAllText(folder.PathOf(5) + ".unusable", "damaged");
        folder.Clear();
        Assert.That(Directory.GetFiles(_folder), Is.Empty);
    }

    [Test]
    public void ShouldLeaveNoPartOfASnapshotWhenTheDiskIsFull()
    {
        using var disk = new SmallDisk(1 << 20);
        var folder = new SnapshotFolder(disk.PathOf("snapshots"));
        folder.Add(Small(1, 100));
        disk.FillUpTo(32 << 10);
        string[] whole = [folder.PathOf(1)];
        for (var sequence = 2; sequence < 4; sequence++)
        {
            Assert.That(() => folder.Add(Small(sequence, 256 << 10)), Throws.InstanceOf<IOException>());
            Assert.That(Directory.GetFiles(disk.PathOf("snapshots")), Is.EqualTo(whole));
        }

        disk.MakeRoom();
        Assert.That(() => folder.Add(Small(4, 256 << 10)), Throws.Nothing);
    }

    /// <summary>A process that was killed left it. Another one may be writing its own.</summary>
    [Test]
    public void ShouldRemoveAPartOfASnapshotWhenNobodyWritesItAnyMore()
    {
        var folder = new SnapshotFolder(_folder);
        folder.Add(Small(1, 100));
        var (left, written) = (folder.PathOf(2) + DurableFile.NextSuffix, folder.PathOf(3) + DurableFile.NextSuffix);
        File.WriteAllText(left, "a part");
        using var writer = new FileStream(written, FileMode.Create, FileAccess.Write, FileShare.Read);
        folder.Add(Small(4, 100));

        Assert.That(
            Directory.GetFiles(_folder), Is.EquivalentTo(new[] { folder.PathOf(1), folder.PathOf(4), written }));
    }

    [Test]
    public void ShouldGoOnWhereItWasWhenAChainIsLoadedFromAFile()
    {
        const int before = 500;
        var configuration = PipelineConfiguration.HashOf(MixedRun.Options);
        var inputs = new Inputs(TestSeed.Next(), 1_500);
        var saved = new MixedRun();
        saved.Take(inputs, 0, before);
        var folder = new SnapshotFolder(_folder);
        var chain = saved.Run.Chain;
        folder.Add(ChainSnapshot.Save(chain, configuration, saved.Run.Events, saved.Run.TimeNs, saved.Run));

        var loaded = new MixedRun();
        var read = folder.FindNewest(configuration, long.MaxValue, static problem => Assert.Fail(problem))!;
        ChainSnapshot.Load(read, loaded.Run.Chain, configuration, loaded.Run);
        Assert.That(ChainSnapshot.HashOf(loaded.Run.Chain, loaded.Run), Is.EqualTo(read.StateHash));
        Assert.That((read.Sequence, read.TimeNs), Is.EqualTo((loaded.Run.Events, loaded.Run.TimeNs)));

        saved.TakeOutbound();
        saved.Take(inputs, before, inputs.Count - before);
        loaded.Take(inputs, before, inputs.Count - before);
        Assert.That(loaded.TakeOutbound().AsSpan().SequenceEqual(saved.TakeOutbound()));
        Assert.That(
            () => ChainSnapshot.Load(read, loaded.Run.Chain, ConfigurationOf(3), loaded.Run),
            Throws.TypeOf<StateException>().With.Message.Contains("another configuration"));
    }

    private static Snapshot Small(long sequence, int length)
    {
        var state = new byte[length];
        new Random(length).NextBytes(state);
        return new Snapshot(ConfigurationOf(1), sequence, 6, 7, state);
    }

    private static ConfigurationHash ConfigurationOf(byte fill)
    {
        var bytes = new byte[ConfigurationHash.SizeBytes];
        Array.Fill(bytes, fill);
        return ConfigurationHash.From(bytes);
    }
}
