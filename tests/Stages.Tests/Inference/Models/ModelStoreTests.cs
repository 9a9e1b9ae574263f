using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Stages.Tests.Inference.Models;

public sealed class ModelStoreTests
{
    private readonly StepClock _clock = new();
    private string _folder = "";

    private string StorePath => Path.Combine(_folder, "store");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-store-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldKeepFilesAndWriteLineageWhenAVersionIsAdded()
    {
        var store = new ModelStore(StorePath, clock: _clock);
        var first = store.Add(ShippedModels.Folder, "first");
        store.MakeCurrent(first);
        var second = store.Add(ModelVariants.Write(_folder, 1), "second");

        var models = store.Open(second);
        Assert.That(models.VerifyAll, Throws.Nothing);
        Assert.That(models.Manifest.Lineage, Is.EqualTo(
            new ModelLineage { Parent = first.ToString(), Created = _clock.Last, Tool = "second" }));
        Assert.That(store.Open(first).Manifest.Lineage!.Parent, Is.Null);
        Assert.That(store.List().Select(static m => m.Version), Is.EqualTo(new[] { second, first }));
        Assert.That(first, Is.EqualTo(ModelVersion.Of(ShippedModels.Open().Manifest)));
    }

    [Test]
    public void ShouldStayAsItIsWhenAVersionIsAddedAgain()
    {
        var store = new ModelStore(StorePath, clock: _clock);
        var version = store.Add(ShippedModels.Folder, "first");

        Assert.That(store.Add(ShippedModels.Folder, "second"), Is.EqualTo(version));
        Assert.That(store.List().Single().Manifest!.Lineage!.Tool, Is.EqualTo("first"));
    }

    [Test]
    public void ShouldRemoveTheOldestButNeverTheDecidingWhenThereAreTooMany()
    {
        var store = new ModelStore(StorePath, retention: 3, _clock);
        var versions = Enumerable.Range(0, 2).Select(i => store.Add(ModelVariants.Write(_folder, i), "t")).ToList();
        store.MakeCurrent(versions[0]);
        store.MakeCurrent(versions[1]);
        versions.AddRange(Enumerable.Range(2, 3).Select(i => store.Add(ModelVariants.Write(_folder, i), "t")));

        Assert.That(
            store.List().Select(static m => m.Version),
            Is.EquivalentTo(new[] { versions[0], versions[1], versions[4] }));
    }

    [Test]
    public void ShouldKeepTwentyWhenNothingElseIsSaid()
    {
        var store = new ModelStore(StorePath, clock: _clock);
        var versions = Enumerable.Range(0, 22).Select(i => store.Add(ModelVariants.Write(_folder, i), "t")).ToList();

        Assert.That(store.List().Select(static m => m.Version), Is.EqualTo(Enumerable.Reverse(versions).Take(20)));
    }

    [Test]
    public void ShouldPutAVersionBeforeTheOthersWhenItIsMadeCurrent()
    {
        var store = new ModelStore(StorePath);
        ModelVersion a = new(1), b = new(2), c = new(3);
        foreach (var version in (ModelVersion[])[a, b, c, c, a])
            store.MakeCurrent(version);

        Assert.That(store.History(), Is.EqualTo(new[] { a, c, b }));
        AssertNothingHalfWritten();
    }

    [TestCase("")]
    [TestCase("0123")]
    [TestCase("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    public void ShouldNameTheFileWhenTheHistoryIsDamaged(string line)
    {
        Directory.CreateDirectory(StorePath);
        File.WriteAllText(Path.Combine(StorePath, "current"), line + "\n");

        Assert.That(
            () => new ModelStore(StorePath).History(),
            Throws.TypeOf<ModelFileException>().With.Message.Contains("is no version"));
    }

    [Test]
    public void ShouldRefuseWhenAFolderHoldsAnotherVersion()
    {
        var store = new ModelStore(StorePath);
        var version = store.Add(ShippedModels.Folder, "t");
        var other = new ModelVersion(version.Prefix ^ 1);
        Directory.Move(
            Path.Combine(StorePath, "versions", version.ToString()),
            Path.Combine(StorePath, "versions", other.ToString()));

        Assert.That(() => store.Open(other), Throws.TypeOf<ModelFileException>().With.Message.Contains($"{version}"));
        Assert.That(store.List().Single().Problem, Does.Contain($"{version}"));
    }

    [Test]
    public void ShouldFindAVersionByItsBeginningWhenOnlyOneBeginsSo()
    {
        var store = new ModelStore(StorePath);
        var version = store.Add(ShippedModels.Folder, "t");

        Assert.That(store.Find(version.ToString()[..5]), Is.EqualTo(version));
        Assert.That(() => store.Find(""), Throws.TypeOf<ModelFileException>());
        Assert.That(() => store.Find("x"), Throws.TypeOf<ModelFileException>().With.Message.Contains("0 versions"));
    }

    [Test]
    public void ShouldTakeNothingInWhenAFileIsDamaged()
    {
        var folder = ModelVariants.Write(_folder, 1);
        File.AppendAllText(Path.Combine(folder, "risk_management.onnx"), "x");
        var store = new ModelStore(StorePath);

        Assert.That(() => store.Add(folder, "t"), Throws.TypeOf<ModelFileException>());
        Assert.That(store.List(), Is.Empty);
    }

    [Test]
    public void ShouldLoseNoneWhenManyAreMadeCurrentAtOnce()
    {
        const int writers = 4, each = 12;
        RunAtOnce(writers, writer =>
        {
            var store = new ModelStore(StorePath);
            for (var i = 0; i < each; i++)
                store.MakeCurrent(new ModelVersion((ulong)(writer * each + i + 1)));
        });

        Assert.That(
            new ModelStore(StorePath).History().Select(static version => version.Prefix).Order(),
            Is.EqualTo(Enumerable.Range(1, writers * each).Select(static i => (ulong)i)));
        AssertNothingHalfWritten();
    }

    [Test]
    public void ShouldKeepWholeVersionsWhenManyAddAndMakeCurrentAtOnce()
    {
        var folders = Enumerable.Range(0, 6).Select(i => ModelVariants.Write(_folder, i)).ToArray();
        var decided = Enumerable.Range(6, 2).Select(
            i => new ModelStore(StorePath).Add(ModelVariants.Write(_folder, i), "t")).ToArray();
        foreach (var version in decided)
            new ModelStore(StorePath).MakeCurrent(version);

        RunAtOnce(4, writer =>
        {
            var store = new ModelStore(StorePath, retention: 3);
            for (var i = 0; i < folders.Length; i++)
            {
                store.Add(folders[(i + writer) % folders.Length], $"writer {writer}");
                store.MakeCurrent(decided[i % 2]);
            }
        });

        var all = new ModelStore(StorePath);
        Assert.That(all.List().Select(static model => model.Problem), Is.All.Null);
        Assert.That(all.List(), Has.Count.EqualTo(3));
        Assert.That(all.History(), Is.EquivalentTo(decided));
        foreach (var version in decided)
            Assert.That(all.Open(version).VerifyAll, Throws.Nothing);

        AssertNothingHalfWritten();
    }

    [Test]
    public void ShouldRemoveWhatACrashLeftHalfWrittenWhenAVersionIsAdded()
    {
        var left = Directory.CreateDirectory(Path.Combine(StorePath, "versions", "0123456789abcdef.1.partial"));
        new ModelStore(StorePath).Add(ShippedModels.Folder, "t");
        Assert.That(Directory.Exists(left.FullName), Is.False);
    }

    [TestCase("versions")]
    [TestCase("current")]
    public void ShouldNameThePathInOneLineWhenTheStoreCannotBeWritten(string damaged)
    {
        // A file where a folder belongs, and a folder where the file does, stop every user, the superuser too.
        Directory.CreateDirectory(StorePath);
        var path = Path.Combine(StorePath, damaged);
        if (damaged == "versions")
            File.WriteAllText(path, "");
        else
            Directory.CreateDirectory(Path.Combine(path, "inner"));

        var store = new ModelStore(StorePath);
        var refusal = Assert.Throws<ModelFileException>(() => store.MakeCurrent(store.Add(ShippedModels.Folder, "t")));
        Assert.That(refusal!.Message, Does.StartWith(path).And.Not.Contain("\n").And.Not.Contain("Exception"));
    }

    private void AssertNothingHalfWritten() => Assert.That(
        Directory.GetFileSystemEntries(StorePath, "*", SearchOption.AllDirectories).Select(Path.GetFileName),
        Has.None.Contains(".next").And.None.Contains(".partial"));

    private static void RunAtOnce(int count, Action<int> run)
    {
        using var start = new Barrier(count);
        var runs = Enumerable.Range(0, count).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                run(i);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Task.WaitAll(runs);
    }

    /// <summary>A second passes between two looks.</summary>
    private sealed class StepClock : TimeProvider
    {
        public DateTimeOffset Last { get; private set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Last += TimeSpan.FromSeconds(1);
    }
}
