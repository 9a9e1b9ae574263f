using System.Diagnostics;
using System.Globalization;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Tests.Driver;

public sealed class DriverDirectoryTests : AeronTestBase
{
    private string CncPath => Path.Combine(Directory, CncFileDescriptor.CNC_FILE);

    private string LockPath => Path.Combine(Directory, "driver.lock");

    [Test]
    public void ShouldDeleteItsDirectoryWhenItStops()
    {
        var driver = LaunchDriver();
        Connect().AddPublication(Channel, StreamId);
        Assert.That(File.Exists(CncPath), Is.True);
        driver.Dispose();
        Assert.That(System.IO.Directory.Exists(Directory), Is.False);
    }

    [TestCase(ThreadingMode.INVOKER)]
    [TestCase(ThreadingMode.SHARED)]
    public void ShouldCloseWhenItsDirectoryHasBeenDeleted(ThreadingMode mode)
    {
        var driver = LaunchDriver(context => context.ThreadingMode(mode));
        System.IO.Directory.Delete(Directory, recursive: true);
        driver.Dispose();
        Assert.That(driver.IsClosed, Is.True);
        LaunchDriver();
        Connect().AddPublication(Channel, StreamId);
    }

    /// <summary>
    /// Others may fill the file system later: a page that is not there then ends the driver and its clients at once.
    /// </summary>
    [Test]
    public void ShouldHaveEveryPageOfItsFileWhenItStarts()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("the blocks of a file are asked for with Linux's stat");

        LaunchDriver();
        using var stat = Process.Start(
            new ProcessStartInfo("stat", ["--format=%b", CncPath]) { RedirectStandardOutput = true })!;
        var blocks = long.Parse(stat.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
        stat.WaitForExit();

        Assert.That(blocks * 512, Is.GreaterThanOrEqualTo(new FileInfo(CncPath).Length));
    }

    [Test]
    public void ShouldKeepItsDirectoryWhenToldTo()
    {
        LaunchDriver(context => context.DirDeleteOnShutdown(false)).Dispose();
        Assert.That(File.Exists(CncPath), Is.True);
        LaunchDriver();
    }

    [Test]
    public void ShouldKeepAllFilesPrivateToTheUser()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Windows has no file modes");
            return;
        }

        LaunchDriver();
        Connect().AddPublication(Channel, StreamId);
        const UnixFileMode others = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var entries = System.IO.Directory.GetFileSystemEntries(Directory, "*", SearchOption.AllDirectories);
        Assert.That(entries, Has.Length.GreaterThanOrEqualTo(4));
        foreach (var entry in entries.Append(Directory))
            Assert.That(File.GetUnixFileMode(entry) & others, Is.EqualTo(UnixFileMode.None), entry);
    }

    [Test]
    public void ShouldRefuseWhenADriverIsRunningInTheDirectory()
    {
        LaunchDriver();
        Assert.That(() => LaunchDriver(), Throws.TypeOf<ActiveDriverException>().With.Message.Contain(Directory));
        Connect().AddPublication(Channel, StreamId);
    }

    [Test]
    public void ShouldRefuseWhenADriverWithoutALockHasAFreshHeartbeat()
    {
        LeaveForeignDriver(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Assert.That(() => LaunchDriver(), Throws.TypeOf<ActiveDriverException>().With.Message.Contain("heartbeat"));
        Assert.That(File.Exists(CncPath), Is.True);
        LaunchDriver(context => context.DirDeleteOnStart(true));
    }

    /// <summary>A start that is killed before it has looked at the heartbeat leaves such a lock.</summary>
    [Test]
    public void ShouldRefuseWhenALockWasLeftBesideADriverWithoutOne()
    {
        LeaveForeignDriver(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        File.WriteAllBytes(LockPath, []);

        Assert.That(MediaDriver.TryDeleteAbandoned(Directory), Is.False);
        Assert.That(() => LaunchDriver(), Throws.TypeOf<ActiveDriverException>().With.Message.Contain("heartbeat"));
        Assert.That(File.Exists(CncPath), Is.True);
        Assert.That(File.Exists(LockPath), Is.False, "it says nothing and is in the way");
    }

    [Test]
    public void ShouldTakeTheDirectoryOverAtOnceWhenItsOwnDriverWasKilled()
    {
        LaunchDriver(context => context.DirDeleteOnShutdown(false)).Dispose();
        using (var cncFile = CncFile.Map(CncPath)!)
        {
            new ManyToOneRingBuffer(cncFile.ToDriverBuffer).ConsumerHeartbeatTime =
                DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        }

        LaunchDriver();
        Connect().AddPublication(Channel, StreamId);
    }

    [Test]
    public void ShouldLeaveTheNextDriversFilesWhenItsOwnWereDeleted()
    {
        var first = LaunchDriver();
        System.IO.Directory.Delete(Directory, recursive: true);
        LaunchDriver();
        first.Dispose();

        Assert.That(File.Exists(CncPath), Is.True);
        Assert.That(File.Exists(LockPath), Is.True);
        Assert.That(LocalDrivers.Find(Directory) is not null, "clients of this process wake the driver");
        Connect().AddPublication(Channel, StreamId);
    }

    /// <summary>As two may do who start at once, of whom the first refuses.</summary>
    [Test]
    public void ShouldKnowThatItsLockIsNobodysWhenTheFileWasMadeAnew()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("files are known on Linux alone");

        CreatePrivateDirectory();
        using var first = DriverLock.Take(Directory);
        Assert.That((first.IsInPlace, first.IsMarked), Is.EqualTo((true, false)));
        File.Delete(LockPath);
        Assert.That(first.IsInPlace, Is.False);
        using var second = DriverLock.Take(Directory);
        Assert.That((first.IsInPlace, second.IsInPlace), Is.EqualTo((false, true)));
        first.Delete();
        Assert.That(File.Exists(LockPath), Is.True);
        second.Mark();
        Assert.That((first.IsMarked, second.IsMarked), Is.EqualTo((false, true)));
    }

    /// <summary>The wall clock may have been stepped, in either direction.</summary>
    [TestCase(-60)]
    [TestCase(3600)]
    public void ShouldRefuseWhenAHeartbeatOfAnotherTimeStillBeats(int aheadSeconds)
    {
        LeaveForeignDriver(DateTimeOffset.UtcNow.AddSeconds(aheadSeconds).ToUnixTimeMilliseconds());
        var cncFile = Keep(CncFile.Map(CncPath)!);
        var clock = new BeatingClock(new ManyToOneRingBuffer(cncFile.ToDriverBuffer));

        Assert.That(
            () => LaunchDriver(context => context.EpochClock(clock)),
            Throws.TypeOf<ActiveDriverException>().With.Message.Contain("heartbeat"));
        var context = new MediaDriver.Context().AeronDirectoryName(Directory).EpochClock(clock);
        Assert.That(DriverDirectory.TryDeleteAbandoned(context), Is.False);
        Assert.That(File.Exists(CncPath), Is.True);
    }

    [Test]
    public void ShouldTakeTheDirectoryOverWhenTheHeartbeatIsOld()
    {
        LeaveForeignDriver(DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeMilliseconds());
        LaunchDriver();
        Connect().AddPublication(Channel, StreamId);
    }

    [Test]
    public void ShouldTakeTheDirectoryOverWhenItsFileIsNoise()
    {
        CreatePrivateDirectory();
        var noise = new byte[8192];
        TestSeed.NewRandom().NextBytes(noise);
        File.WriteAllBytes(CncPath, noise);
        LaunchDriver();
        Connect().AddPublication(Channel, StreamId);
    }

    [Test]
    public void ShouldLeaveFilesThatAreNotItsOwn()
    {
        CreatePrivateDirectory();
        var foreign = Path.Combine(Directory, "notes.txt");
        File.WriteAllText(foreign, "mine");
        LaunchDriver().Dispose();
        Assert.That(File.ReadAllText(foreign), Is.EqualTo("mine"));
        Assert.That(System.IO.Directory.GetFileSystemEntries(Directory), Has.Length.EqualTo(1));
    }

    [Test]
    public void ShouldRefuseALogWhenItDoesNotFit()
    {
        var directory = DriverDirectory.Acquire(new MediaDriver.Context().AeronDirectoryName(Directory));
        directory.CheckStorage(1);
        Assert.That(
            () => directory.CheckStorage(long.MaxValue),
            Throws.TypeOf<ControlProtocolException>()
                .With.Property(nameof(ControlProtocolException.ErrorCode)).EqualTo(ErrorCode.STORAGE_SPACE)
                .And.Message.Contain(Directory));
        directory.Release(isDeleted: true);
    }

    [Test]
    public void ShouldNameTheSettingWhenItCannotBe()
    {
        Assert.That(
            () => LaunchDriver(context => context.IpcTermBufferLength(100_000)),
            Throws.ArgumentException.With.Message.Contain("power of 2"));
        Assert.That(
            () => LaunchDriver(context => context.IpcMtuLength(33)),
            Throws.ArgumentException.With.Message.Contain("mtuLength"));
        Assert.That(
            () => LaunchDriver(context => context.PublicationUnblockTimeoutNs(1)),
            Throws.ArgumentException.With.Message.Contain("PublicationUnblockTimeoutNs"));
        Assert.That(System.IO.Directory.Exists(Directory), Is.False);
    }

    [Test]
    public void ShouldRefuseToClearWhenADriverWithoutALockShowsLife()
    {
        LeaveForeignDriver(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        using var ended = new CancellationTokenSource();
        var beating = Task.Run(() =>
        {
            using var cncFile = CncFile.Map(CncPath)!;
            var toDriver = new ManyToOneRingBuffer(cncFile.ToDriverBuffer);
            while (!ended.Token.WaitHandle.WaitOne(10))
                toDriver.ConsumerHeartbeatTime++;
        });
        Assert.That(
            () => LaunchDriver(context => context.DirDeleteOnStart(true)), Throws.TypeOf<ActiveDriverException>());
        ended.Cancel();
        Assert.That(beating.Wait(Patience), Is.True);
        Assert.That(File.Exists(CncPath), Is.True);
    }

    [Test]
    public void ShouldDeleteOnlyWhatADeadDriverLeft()
    {
        Assert.That(MediaDriver.TryDeleteAbandoned(Directory), Is.False, "there is nothing");
        using var driver = new Processes.HostProcess("driver", Directory);
        driver.Await("READY");
        Assert.That(MediaDriver.TryDeleteAbandoned(Directory), Is.False, "its driver lives");
        Connect().AddPublication(Channel, StreamId);

        driver.Kill();
        Assert.That(MediaDriver.TryDeleteAbandoned(Directory), Is.True);
        Assert.That(System.IO.Directory.Exists(Directory), Is.False);
    }

    [Test]
    public void ShouldNotDeleteWhatADriverWithoutALockUses()
    {
        LeaveForeignDriver(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Assert.That(MediaDriver.TryDeleteAbandoned(Directory), Is.False);
        Assert.That(File.Exists(CncPath), Is.True);
    }

    [Test]
    public void ShouldWorkInADirectoryWithAnyCharacters()
    {
        var directory = Path.Combine(Directory, "Zoë-東京-🚀");
        LaunchDriver(context => context.AeronDirectoryName(directory));
        var aeron = Connect(context => context.AeronDirectoryName(directory).ClientName("Zoë"));
        var subscription = aeron.AddSubscription(Channel, StreamId);
        var publication = aeron.AddPublication(Channel, StreamId);
        Await(() => subscription.IsConnected && publication.IsConnected, "connection");
        var counter = aeron.AddCounter(5000, "Größe 東京");
        Assert.That(aeron.CountersReader.GetCounterLabel(counter.Id), Is.EqualTo("Größe 東京"));
    }

    [Test]
    public void ShouldNameTheNearestWhenAParameterDoesNotExist()
    {
        LaunchDriver();
        var aeron = Connect();
        Assert.That(
            () => aeron.AddPublication("aeron:ipc?termlength=64k", StreamId),
            Throws.ArgumentException.With.Message.Contain("'term-length'"));
        Assert.That(
            () => aeron.AddSubscription("aeron:ipc?tether=true|aliass=x", StreamId),
            Throws.ArgumentException.With.Message.Contain("'alias'"));
        Assert.That(
            () => UriValues.Parse("aeron:ipc?termlength=64k"), Throws.TypeOf<ControlProtocolException>());
        Assert.That(() => aeron.AddSubscription("aeron:ipc?ttl=3|so-rcvbuf=64k", StreamId), Throws.Nothing);
    }

    /// <summary>Private whatever the umask says: a driver takes no other.</summary>
    private void CreatePrivateDirectory()
    {
        System.IO.Directory.CreateDirectory(Directory);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(
                Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private void LeaveForeignDriver(long heartbeatMs)
    {
        CreatePrivateDirectory();
        using var cncFile = CncFile.Create(CncPath, new CncFileLayout
        {
            ToDriverBufferLength = 65536 + RingBufferDescriptor.TrailerLength,
            ToClientsBufferLength = 65536 + BroadcastBufferDescriptor.TrailerLength,
            CountersValuesBufferLength = 65536,
            ErrorLogBufferLength = 65536,
            ClientLivenessTimeoutNs = 10_000_000_000,
            StartTimestampMs = heartbeatMs,
            FilePageSize = 4096,
        });
        new ManyToOneRingBuffer(cncFile.ToDriverBuffer).ConsumerHeartbeatTime = heartbeatMs;
        cncFile.Publish();
    }

    /// <summary>A driver beats whenever somebody looks what the time is.</summary>
    private sealed class BeatingClock(ManyToOneRingBuffer toDriver) : IEpochClock
    {
        public long Time()
        {
            toDriver.ConsumerHeartbeatTime++;
            return DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        }
    }
}
