using System.Diagnostics;
using System.Globalization;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>Names of media driver folders.</summary>
public static class AeronDirectories
{
    private const string SharedMemory = "/dev/shm";

    private static string Root => Directory.Exists(SharedMemory) ? SharedMemory : Path.GetTempPath();

    private static string Prefix => $"aeron-{Environment.UserName}-xp-";

    /// <summary>A folder of this process alone, in shared memory where the system has it; not yet made.</summary>
    public static string New() =>
        Path.Combine(Root, Prefix + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

    /// <summary>Removes the folders of runs whose process was killed before it could.</summary>
    public static void RemoveAbandoned()
    {
        foreach (var folder in Directory.EnumerateDirectories(Root, Prefix + "*"))
        {
            var id = Path.GetFileName(folder)[Prefix.Length..];
            if (int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var process) && !IsAlive(process))
                Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
