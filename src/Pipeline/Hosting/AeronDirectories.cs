using ExecutionPipeline.Aeron.Driver;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>Names of media driver folders.</summary>
public static class AeronDirectories
{
    private const string SharedMemory = "/dev/shm";

    /// <summary>Where drivers and clients meet that are told nothing else.</summary>
    public static string Default => AeronClient.Context.GetAeronDirectoryName();

    private static string Root => Directory.Exists(SharedMemory) ? SharedMemory : Path.GetTempPath();

    private static string Prefix => $"aeron-{Environment.UserName}-";

    /// <summary>
    /// A folder that no other run has, in shared memory where the system has it; not yet made. Process ids would not
    /// do: each container counts its own, and containers can share memory.
    /// </summary>
    public static string New() => Path.Combine(Root, $"{Prefix}xp-{Guid.NewGuid():N}");

    /// <summary>
    /// Removes the folders of runs, and of drivers embedded in other programs, whose process was killed before it
    /// could. A folder that somebody named, as the user's default one, is left alone.
    /// </summary>
    public static void RemoveAbandoned()
    {
        foreach (var folder in Directory.EnumerateDirectories(Root, Prefix + "*"))
        {
            if (IsMade(Path.GetFileName(folder)))
                MediaDriver.TryDeleteAbandoned(folder);
        }
    }

    /// <summary>Whether a folder's name was made by <see cref="New"/> or for an embedded driver.</summary>
    private static bool IsMade(string name)
    {
        var rest = name.AsSpan(Prefix.Length);
        if (rest.StartsWith("xp-"))
            rest = rest["xp-".Length..];
        return Guid.TryParseExact(rest, "N", out _);
    }
}
