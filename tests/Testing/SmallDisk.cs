using System.Diagnostics;

namespace ExecutionPipeline.Testing;

/// <summary>A disk of so many bytes, in memory: it can be full. A test that may mount none is ignored.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly bool _isMounted;

    public SmallDisk(int bytes)
    {
        _isMounted = OperatingSystem.IsLinux()
            && Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", Folder) == 0;
        if (_isMounted)
            return;

        Directory.Delete(Folder);
        Assert.Ignore("this user may mount no disk");
    }

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("xp-disk-").FullName;

    private string Filler => Path.Combine(Folder, "filler");

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Takes all room but for so many bytes.</summary>
    public void FillUpTo(long left)
    {
        var free = new DriveInfo(Folder).AvailableFreeSpace;
        File.WriteAllBytes(Filler, new byte[free - left]);
    }

    public void MakeRoom() => File.Delete(Filler);

    public void Dispose()
    {
        if (!_isMounted)
            return;

        Run("umount", Folder);
        Directory.Delete(Folder);
    }

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
