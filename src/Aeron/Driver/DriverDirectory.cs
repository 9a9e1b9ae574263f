using System.Diagnostics;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>
/// A driver's directory: private to the user, and one driver's at a time. A lock on a file in it tells this project's
/// drivers from each other, and a dead one from a living one at once, since the system drops the lock with its
/// process. Official drivers know no lock, so their heartbeat decides, unless the lock's file is marked: then the last
/// driver here was this project's.
/// </summary>
internal sealed class DriverDirectory
{
    private const string PublicationsFolder = "publications";
    private const string ImagesFolder = "images";
    private const string LossReportFile = "loss-report.dat";
    private const int LockAttempts = 10;
    private const long LockPauseNs = 10_000_000;
    private const UnixFileMode PrivateFolder =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Official drivers show life once a second. By so much a start is late where a dead one left its directory.
    private static readonly TimeSpan WatchTime = TimeSpan.FromSeconds(2.5);

    private readonly string _path;
    private readonly DriverLock _lock;

    private DriverDirectory(string path, DriverLock driverLock)
    {
        _path = path;
        _lock = driverLock;
    }

    /// <summary>The command-and-control file.</summary>
    public string CncFileName => Path.Combine(_path, CncFileDescriptor.CNC_FILE);

    /// <summary>Takes a directory, clearing what a dead driver left.</summary>
    /// <exception cref="ActiveDriverException">A driver is running there.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not the user's own.</exception>
    public static DriverDirectory Acquire(MediaDriver.Context context)
    {
        var path = PathOf(context);
        var driverLock = CreateAndLock(path);
        try
        {
            Clear(path, driverLock, context);
            CreateFolder(Path.Combine(path, PublicationsFolder));
            CreateFolder(Path.Combine(path, ImagesFolder));
            return new DriverDirectory(path, driverLock);
        }
        catch
        {
            driverLock.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Deletes what a dead driver left in a context's directory, and the directory where that was all. False where a
    /// driver lives or is starting, and where none ever was.
    /// </summary>
    public static bool TryDeleteAbandoned(MediaDriver.Context context)
    {
        var path = PathOf(context);
        if (!File.Exists(Path.Combine(path, DriverLock.FileName))
            && !File.Exists(Path.Combine(path, CncFileDescriptor.CNC_FILE)))
            return false;

        try
        {
            CheckIsOwn(path);
            using var driverLock = DriverLock.Take(path);
            if (!driverLock.IsInPlace)
                return false;

            Clear(path, driverLock, context);
            new DriverDirectory(path, driverLock).Release(isDeleted: true);
            return true;
        }
        catch (Exception exception) when (exception is ActiveDriverException or IOException
            or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Throws when a file of this many bytes would not fit. A sparse file that outgrows its file system kills whoever
    /// writes it, so what does not fit now is refused.
    /// </summary>
    public void CheckStorage(long lengthBytes)
    {
        var available = new DriveInfo(_path).AvailableFreeSpace;
        if (available < lengthBytes)
            throw new ControlProtocolException(
                ErrorCode.STORAGE_SPACE,
                $"insufficient usable storage for new log of length={lengthBytes} usable={available} in {_path}");
    }

    /// <summary>The file of a publication's log.</summary>
    public string LogFileName(long registrationId) =>
        Path.Combine(_path, PublicationsFolder, $"{registrationId}.logbuffer");

    /// <summary>
    /// Gives the directory up, and deletes what the driver put there and, when that was all, the folder.
    /// </summary>
    public void Release(bool isDeleted)
    {
        using (_lock)
        {
            // Somebody may have deleted the folder, and another driver may have made it anew.
            if (!isDeleted || !_lock.IsInPlace)
                return;

            DeleteContents(_path);
            _lock.Delete();
        }

        if (Directory.Exists(_path) && !Directory.EnumerateFileSystemEntries(_path).Any())
            Directory.Delete(_path);
    }

    // A separator at the end would follow a link.
    private static string PathOf(MediaDriver.Context context) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(context.AeronDirectoryName()));

    private static void CheckIsOwn(string path)
    {
        FolderGuard.Check(path);
        FolderGuard.Check(Path.Combine(path, PublicationsFolder));
        FolderGuard.Check(Path.Combine(path, ImagesFolder));
    }

    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, PrivateFolder);
    }

    private static DriverLock CreateAndLock(string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            CreateFolder(path);
            CheckIsOwn(path);
            try
            {
                var driverLock = DriverLock.Take(path);
                if (driverLock.IsInPlace)
                    return driverLock;

                driverLock.Dispose();
            }
            catch (Exception exception) when (attempt < LockAttempts
                && exception is (ActiveDriverException or DirectoryNotFoundException))
            {
                // Either may be over in a moment.
            }

            // Somebody who clears up after dead drivers may hold, and then delete, what this driver has just made.
            if (attempt >= LockAttempts)
                throw new ActiveDriverException($"active driver detected in {path}: its lock is replaced all the time");

            ThreadPark.SleepNs(LockPauseNs);
        }
    }

    /// <summary>Deletes what a dead driver left, once that is certain.</summary>
    /// <exception cref="ActiveDriverException">A driver without a lock is running there.</exception>
    private static void Clear(string path, DriverLock driverLock, MediaDriver.Context context)
    {
        if (!driverLock.IsMarked)
        {
            try
            {
                CheckNoActiveDriver(Path.Combine(path, CncFileDescriptor.CNC_FILE), context);
            }
            catch
            {
                driverLock.Delete();
                throw;
            }

            // An official driver that has started meanwhile has made the folder anew.
            if (!driverLock.IsInPlace)
                throw new ActiveDriverException($"active driver detected in {path}: it has just made the folder anew");

            driverLock.Mark();
        }

        DeleteContents(path);
    }

    private static void CheckNoActiveDriver(string cncPath, MediaDriver.Context context)
    {
        CncFile? cncFile;
        try
        {
            cncFile = CncFile.Map(cncPath, isReadOnly: true);
        }
        catch (Exception exception) when (exception is InvalidDataException or FileNotFoundException)
        {
            // No driver that could be running has such a file.
            return;
        }

        if (cncFile is null)
            return;

        using (cncFile)
        {
            var toDriver = new ManyToOneRingBuffer(cncFile.ToDriverBuffer);
            var heartbeatMs = toDriver.ConsumerHeartbeatTime;
            // No driver that lives has such a heartbeat: that of one that was stopped is -1.
            if (heartbeatMs <= 0)
                return;

            // Who asks for a directory to be cleared knows its driver to be dead. That, and whether a heartbeat is old
            // or the wall clock has been stepped, can be seen in a while.
            var ageMs = context.EpochClock().Time() - heartbeatMs;
            var isRefusedAtOnce = Math.Abs(ageMs) <= context.DriverTimeoutMs() && !context.DirDeleteOnStart();
            if (isRefusedAtOnce || IsBeating(toDriver, heartbeatMs))
                throw new ActiveDriverException(
                    $"active driver detected in {cncPath}: pid={cncFile.Pid} heartbeat {ageMs} ms ago; "
                    + "stop it or give AeronDirectoryName another directory");
        }
    }

    private static bool IsBeating(ManyToOneRingBuffer toDriver, long heartbeatMs)
    {
        var watched = Stopwatch.StartNew();
        while (watched.Elapsed < WatchTime)
        {
            if (toDriver.ConsumerHeartbeatTime != heartbeatMs)
                return true;

            ThreadPark.SleepNs(LockPauseNs);
        }

        return false;
    }

    private static void DeleteContents(string path)
    {
        File.Delete(Path.Combine(path, CncFileDescriptor.CNC_FILE));
        File.Delete(Path.Combine(path, LossReportFile));
        foreach (var folder in (string[])[PublicationsFolder, ImagesFolder])
        {
            var logs = new DirectoryInfo(Path.Combine(path, folder));
            if (!logs.Exists)
                continue;

            foreach (var log in logs.EnumerateFiles("*.logbuffer"))
                log.Delete();

            if (!logs.EnumerateFileSystemInfos().Any())
                logs.Delete();
        }
    }
}
