using System.Collections.Concurrent;

namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>
/// The publications whose driver runs in this process, by the file of their log. A publisher that has used up its
/// window moves its own limit through here, so that it does not wait for a driver that sleeps.
/// </summary>
internal static class LocalStreams
{
    private static readonly ConcurrentDictionary<string, ILocalStream> ByLogFile = new();

    public static void Add(string logFileName, ILocalStream stream) => ByLogFile[logFileName] = stream;

    public static void Remove(string logFileName) => ByLogFile.TryRemove(logFileName, out _);

    public static ILocalStream? Find(string logFileName) => ByLogFile.GetValueOrDefault(logFileName);
}

/// <summary>
/// What wakes the drivers that run in this process and sleep, by directory, so that a client beside one does not wait
/// for the end of a sleep to have its commands carried out.
/// </summary>
internal static class LocalDrivers
{
    private static readonly ConcurrentDictionary<string, Action> WakeByDirectory = new();

    public static void Add(string directory, Action wake) => WakeByDirectory[Path.GetFullPath(directory)] = wake;

    /// <summary>Removes a driver, unless another one has taken its directory.</summary>
    public static void Remove(string directory, Action wake) =>
        WakeByDirectory.TryRemove(KeyValuePair.Create(Path.GetFullPath(directory), wake));

    /// <summary>What wakes the driver of a directory; null for one in another process.</summary>
    public static Action? Find(string directory) => WakeByDirectory.GetValueOrDefault(Path.GetFullPath(directory));
}

/// <summary>A publication as the driver of this very process has it.</summary>
internal interface ILocalStream
{
    /// <summary>
    /// Counts one more publisher of this process, which moves the limit itself: while all publishers are of this
    /// process, the driver need not hurry. Moves the limit for the first time.
    /// </summary>
    void Attach();

    /// <summary>Counts one publisher of this process less.</summary>
    void Detach();

    /// <summary>
    /// Moves the publication's limit now, on the caller's thread, unless the driver is at it. Allocates nothing and
    /// waits for nobody.
    /// </summary>
    void MoveLimit();
}
