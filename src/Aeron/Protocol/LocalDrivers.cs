using System.Collections.Concurrent;

namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>
/// What wakes the drivers that run in this process and sleep, by directory, so that a client beside one does not wait
/// for the end of a sleep to have its commands carried out.
/// </summary>
internal static class LocalDrivers
{
    private static readonly ConcurrentDictionary<string, Action> WakeByDirectory = new();

    public static void Add(string directory, Action wake) => WakeByDirectory[Path.GetFullPath(directory)] = wake;

    public static void Remove(string directory) => WakeByDirectory.TryRemove(Path.GetFullPath(directory), out _);

    /// <summary>What wakes the driver of a directory; null for one in another process.</summary>
    public static Action? Find(string directory) => WakeByDirectory.GetValueOrDefault(Path.GetFullPath(directory));
}
