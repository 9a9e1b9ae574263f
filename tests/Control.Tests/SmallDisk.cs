using System.Diagnostics;

namespace ExecutionPipeline.Control.Tests;

/// <summary>A disk of so many bytes, in memory: it can be full. A test that may mount none is ignored.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xp-disk-").FullName;
    private readonly bool _isMounted;

    public SmallDisk(int bytes)
    {
        _isMounted = OperatingSystem.IsLinux()
            && Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", _folder) == 0;
        if (_isMounted)
            return;

        Directory.Delete(_folder);
        Assert.Ignore("this user may mount no disk");
    }

    private string Filler => Path.Combine(_folder, "filler");

    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Takes all room but for so many bytes.</summary>
    public void FillUpTo(long left)
    {
        var free = new DriveInfo(_folder).AvailableFreeSpace;
        File.WriteAllBytes(Filler, new byte[free - left]);
    }

    public void MakeRoom() => File.Delete(Filler);

    public void Dispose()
    {
        if (!_isMounted)
            return;

        Run("umount", _folder);
        Directory.Delete(_folder);
    }

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
