using ExecutionPipeline.Aeron.Driver;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>Names of media driver folders.</summary>
public static class AeronDirectories
{
    private const string SharedMemory = "/dev/shm";

    private static string Root => Directory.Exists(SharedMemory) ? SharedMemory : Path.GetTempPath();

    private static string Prefix => $"aeron-{Environment.UserName}-xp-";

    /// <summary>
    /// A folder that no other run has, in shared memory where the system has it; not yet made. Process ids would not
    /// do: each container counts its own, and containers can share memory.
    /// </summary>
    public static string New() => Path.Combine(Root, $"{Prefix}{Guid.NewGuid():N}");

    /// <summary>Removes the folders of runs whose process was killed before it could.</summary>
    public static void RemoveAbandoned()
    {
        foreach (var folder in Directory.EnumerateDirectories(Root, Prefix + "*"))
            MediaDriver.TryDeleteAbandoned(folder);
    }
}
