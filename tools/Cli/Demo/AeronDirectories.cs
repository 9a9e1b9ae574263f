using System.Globalization;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>Names of media driver folders.</summary>
public static class AeronDirectories
{
    private const string SharedMemory = "/dev/shm";

    /// <summary>A folder of this process alone, in shared memory where the system has it; not yet made.</summary>
    public static string New()
    {
        var root = Directory.Exists(SharedMemory) ? SharedMemory : Path.GetTempPath();
        var name = string.Create(
            CultureInfo.InvariantCulture, $"aeron-{Environment.UserName}-xp-{Environment.ProcessId}");
        return Path.Combine(root, name);
    }
}
