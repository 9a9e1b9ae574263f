using System.Runtime.InteropServices;

namespace ExecutionPipeline.Native.Tests;

public sealed class MemoryMapTests
{
    private string _path = "";

    [SetUp]
    public void ChoosePath() => _path = Path.Combine(Path.GetTempPath(), $"map-{Guid.NewGuid():N}");

    [TearDown]
    public void DeleteFile() => File.Delete(_path);

    [Test]
    public void ShouldSayThatThereIsNoSuchFileWhenItWouldBeTooLargeForTheSystem()
    {
        var path = Path.Combine(Path.GetTempPath(), $"xp-map-{Guid.NewGuid():N}");

        Assert.That(
            () => MemoryMap.Create(path, 1L << 62, isSparse: true),
            Throws.InstanceOf<IOException>(), "not an argument's fault: the disk's");
        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    public void ShouldShareBytesBetweenMapsOfOneFile([Values] bool isSparse)
    {
        using var created = MemoryMap.Create(_path, 10_000, isSparse);
        using var opened = MemoryMap.Open(_path, isPopulated: true);
        using var readOnly = MemoryMap.OpenReadOnly(_path);
        Marshal.WriteInt64(created.Address, 9_992, 42);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(created.Length, Is.EqualTo(10_000));
            Assert.That(Marshal.ReadInt64(created.Address), Is.Zero);
            Assert.That(Marshal.ReadInt64(opened.Address, 9_992), Is.EqualTo(42));
            Assert.That(Marshal.ReadInt64(readOnly.Address, 9_992), Is.EqualTo(42));
        }
    }

    [Test]
    public void ShouldLeaveInTheFileWhatWasWritten()
    {
        using (var map = MemoryMap.Create(_path, 16, isSparse: true))
            Marshal.WriteByte(map.Address, 3, 7);

        Assert.That(File.ReadAllBytes(_path), Is.EqualTo(new byte[] { 0, 0, 0, 7 }.Concat(new byte[12])));
    }

    [Test]
    public void ShouldLeaveZeroesThatNobodyElseSeesWhenItLetsGoOfItsFile()
    {
        using var other = MemoryMap.Create(_path, 10_000, isSparse: true);
        using var map = MemoryMap.Open(_path);
        Marshal.WriteInt64(map.Address, 42);
        if (!map.TryBlank())
            Assert.Ignore("this system cannot");

        Assert.That(Marshal.ReadInt64(map.Address), Is.Zero);
        Marshal.WriteInt64(map.Address, 9_992, 7);
        Assert.That(Marshal.ReadInt64(other.Address), Is.EqualTo(42));
        Assert.That(Marshal.ReadInt64(other.Address, 9_992), Is.Zero);
        map.Dispose();
        Assert.That(map.TryBlank(), Is.False, "there is nothing left");
    }

    [Test]
    public void ShouldKeepTheFilePrivateToTheUser()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Windows has no file modes");
            return;
        }

        using var map = MemoryMap.Create(_path, 16, isSparse: true);
        Assert.That(File.GetUnixFileMode(_path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void ShouldTakeItsSpaceAtOnceWhenItIsNotSparse()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("only Linux is known to say");

        const long tooLong = 1L << 50;
        Assert.That(() => MemoryMap.Create(_path, tooLong, isSparse: false), Throws.InstanceOf<IOException>());
        Assert.That(File.Exists(_path), Is.False);
    }

    /// <summary>Others would find the disk full until the file system gives up.</summary>
    [Test]
    public void ShouldTakeNoRoomWhenThereIsNotEnough()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("elsewhere the watcher may join events");

        var folder = Directory.CreateTempSubdirectory("xp-map-").FullName;
        try
        {
            var created = new List<string?>();
            using var isOver = new ManualResetEventSlim();
            using var watcher = new FileSystemWatcher(folder);
            watcher.Created += (_, file) =>
            {
                created.Add(file.Name);
                if (file.Name == "last")
                    isOver.Set();
            };
            watcher.EnableRaisingEvents = true;

            Assert.That(
                () => MemoryMap.Create(Path.Combine(folder, "map"), 1L << 43, isSparse: false),
                Throws.InstanceOf<IOException>().With.Message.Contains("no room"));
            File.WriteAllText(Path.Combine(folder, "last"), "");

            Assert.That(isOver.Wait(TimeSpan.FromSeconds(60)), Is.True);
            Assert.That(created, Is.EqualTo(["last"]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void ShouldThrowWhenTheFileCannotBeMapped()
    {
        Assert.That(() => MemoryMap.Open(_path), Throws.TypeOf<FileNotFoundException>());
        Assert.That(() => MemoryMap.Create(_path, 0, isSparse: true), Throws.InstanceOf<ArgumentException>());
        File.WriteAllBytes(_path, []);
        Assert.That(() => MemoryMap.Open(_path), Throws.InstanceOf<IOException>().With.Message.Contain(_path));
        Assert.That(() => MemoryMap.Create(_path, 16, isSparse: true), Throws.InstanceOf<IOException>());
    }

    [Test]
    public void ShouldUnmapOnceWhenItIsDisposedTwice()
    {
        var map = MemoryMap.Create(_path, 16, isSparse: true);
        map.Dispose();
        map.Dispose();
        Assert.That((long)map.Address, Is.Zero);
    }
}
