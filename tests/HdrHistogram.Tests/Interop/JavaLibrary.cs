using System.Diagnostics;

namespace ExecutionPipeline.HdrHistogram.Tests.Interop;

/// <summary>HdrHistogram for Java, where Debian's package and a Java development kit are installed.</summary>
internal static class JavaLibrary
{
    private const string JarPath = "/usr/share/java/hdrhistogram.jar";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    /// <summary>Lets Java read a log, print its statistics and write it again.</summary>
    /// <returns>The statistics, as JSON.</returns>
    internal static string ReadAndRewrite(string logPath, string rewrittenPath)
    {
        if (!File.Exists(JarPath))
            Assert.Ignore($"{JarPath} is not there: apt-get install libhdrhistogram-java");

        // The launcher compiles a source file only where the compiler is installed too.
        if (!IsOnPath("java") || !IsOnPath("javac"))
            Assert.Ignore("There is no Java development kit: apt-get install default-jdk-headless");

        var source = Path.Combine(TestContext.CurrentContext.TestDirectory, "Interop", "LogStatistics.java");
        var start = new ProcessStartInfo("java", ["-cp", JarPath, source, logPath, rewrittenPath])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var java = Process.Start(start)!;
        var output = java.StandardOutput.ReadToEndAsync();
        var errors = java.StandardError.ReadToEndAsync();
        if (!java.WaitForExit(Timeout))
        {
            java.Kill(entireProcessTree: true);
            Assert.Fail($"Java has not ended within {Timeout}.");
        }

        java.WaitForExit();
        Assert.That(java.ExitCode, Is.Zero, errors.Result);
        return output.Result;
    }

    private static bool IsOnPath(string command)
        => (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, command)));
}
