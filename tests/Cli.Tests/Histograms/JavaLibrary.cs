using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExecutionPipeline.Cli.Histograms;

namespace ExecutionPipeline.Cli.Tests.Histograms;

/// <summary>HdrHistogram for Java, where Debian's package and a Java development kit are installed.</summary>
internal static class JavaLibrary
{
    private const string JarPath = "/usr/share/java/hdrhistogram.jar";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    /// <summary>Lets Java read a log, state its statistics and write it again.</summary>
    public static ExpectedInterval[] ReadAndRewrite(string logPath, string rewrittenPath)
    {
        if (!File.Exists(JarPath))
            Assert.Ignore($"{JarPath} is not there: apt-get install libhdrhistogram-java");

        // The launcher compiles a source file only where the compiler is installed too.
        if (!IsOnPath("java") || !IsOnPath("javac"))
            Assert.Ignore("There is no Java development kit: apt-get install default-jdk-headless");

        var source = Path.Combine(TestContext.CurrentContext.TestDirectory, "Histograms", "LogStatistics.java");
        using var java = Process.Start(new ProcessStartInfo("java", ["-cp", JarPath, source, logPath, rewrittenPath])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = java.StandardOutput.ReadToEndAsync();
        var errors = java.StandardError.ReadToEndAsync();
        if (!java.WaitForExit(Timeout))
            java.Kill(entireProcessTree: true);

        java.WaitForExit();
        Assert.That(java.ExitCode, Is.Zero, errors.Result);
        return ExpectedInterval.Parse(output.Result);
    }

    private static bool IsOnPath(string command) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, command)));
}

/// <summary>The statistics of one histogram, as another implementation computed them.</summary>
internal sealed record ExpectedInterval(
    int Digits,
    string Tag,
    long Total,
    long Min,
    long Max,
    double Mean,
    [property: JsonPropertyName("stddev")] double StdDeviation,
    [property: JsonPropertyName("p50")] long P50,
    [property: JsonPropertyName("p90")] long P90,
    [property: JsonPropertyName("p99")] long P99,
    [property: JsonPropertyName("p99_9")] long P999,
    [property: JsonPropertyName("p99_99")] long P9999)
{
    // The reference values are written with six decimals.
    private const double Tolerance = 1e-6;

    public static ExpectedInterval[] Parse(string json) =>
        JsonSerializer.Deserialize<ExpectedInterval[]>(json, JsonSerializerOptions.Web)!;

    public void AssertMatches(HistogramBase histogram)
    {
        var found = Distribution.Of(histogram);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(histogram.NumberOfSignificantValueDigits, Is.EqualTo(Digits));
            Assert.That(histogram.Tag ?? "", Is.EqualTo(Tag));
            Assert.That((found.Count, found.Min, found.Max), Is.EqualTo((Total, Min, Max)));
            Assert.That(found.Mean, Is.EqualTo(Mean).Within(Tolerance + Mean * 1e-14));
            Assert.That(
                found.StandardDeviation, Is.EqualTo(StdDeviation).Within(Tolerance + StdDeviation * 1e-13));
            Assert.That(
                new[] { 50, 90, 99, 99.9, 99.99 }.Select(found.ValueAt),
                Is.EqualTo(new[] { P50, P90, P99, P999, P9999 }));
        }
    }
}
