using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Drivers;

/// <summary>The option that names a media driver's directory.</summary>
public static class DriverDirectories
{
    private const string DefaultHelp = "the user's own: /dev/shm/aeron-USER";

    /// <summary>Where drivers and clients meet that are told nothing else.</summary>
    public static string Default => AeronClient.Context.GetAeronDirectoryName();

    /// <summary>Says at once what a client would wait for in vain.</summary>
    /// <exception cref="UsageException">No driver uses that directory.</exception>
    public static void MustHoldADriver(string directory, string option = "--aeron-dir")
    {
        if (!File.Exists(Path.Combine(directory, "cnc.dat")))
            throw new UsageException($"no media driver in {directory}: name it with {option}");
    }

    /// <summary>A directory to run a driver in, which is made where it is missing.</summary>
    public static ValueOption<string?> ToRunIn() => new(
        "--aeron-dir", "DIR", "The driver's directory, private to the user.",
        Paths.OutputDirectory, null, DefaultHelp);

    /// <summary>The directory of a driver to look at. Whether it is there is the command's to say.</summary>
    public static ValueOption<string?> ToLookAt() => new(
        "--aeron-dir", "DIR", "The directory of the driver, this project's or an official one.",
        Paths.OutputDirectory, null, DefaultHelp);
}
