using System.Diagnostics;

namespace ExecutionPipeline.Control.Tests.Deploy;

/// <summary>The programs that check what is shipped; each checks its own kind of file.</summary>
internal static class Tool
{
    private static readonly string[] Folders = ["/usr/bin", "/bin", "/usr/sbin", "/usr/local/bin"];

    /// <summary>
    /// Runs a program. Returns its exit code and all that it said. Where it is missing, the test is ignored with a
    /// message that names the package.
    /// </summary>
    public static (int Code, string Said) Run(string package, string program, params IReadOnlyList<string> arguments)
    {
        if (!Folders.Any(folder => File.Exists(Path.Combine(folder, program))))
            Assert.Ignore($"{program} is not installed: apt-get install {package}");

        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }

    /// <summary>Runs a program that must find nothing to complain of. Returns what it said.</summary>
    public static string MustPass(string package, string program, params IReadOnlyList<string> arguments)
    {
        var (code, said) = Run(package, program, arguments);
        Assert.That(code, Is.Zero, $"{program} {string.Join(' ', arguments)}: {said}");
        return said;
    }
}
