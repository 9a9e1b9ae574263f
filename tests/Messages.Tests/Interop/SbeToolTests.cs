using System.Diagnostics;
using ExecutionPipeline.Messages.Tests.Conformance;

namespace ExecutionPipeline.Messages.Tests.Interop;

/// <summary>
/// Real Logic's sbe-tool makes Java, C++ and C# from the schema, and what it makes compiles. This runs where
/// SBE_TOOL_CLASSPATH names the class path of sbe-tool and Agrona, and a JDK is installed.
/// </summary>
[NonParallelizable]
public class SbeToolTests
{
    private const string Variable = "SBE_TOOL_CLASSPATH";
    private const string Exports = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED";
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private string _classPath = "";
    private string _folder = "";

    [SetUp]
    public void FindTheTool()
    {
        _classPath = Environment.GetEnvironmentVariable(Variable) ?? "";
        if (_classPath.Length == 0)
            Assert.Ignore($"{Variable} is not set: give it the class path of sbe-tool and Agrona to run this test");

        _folder = Directory.CreateTempSubdirectory("sbe-tool").FullName;
    }

    [TearDown]
    public void RemoveTheFolder()
    {
        if (_folder.Length > 0)
            Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void ShouldCompileAndWriteTheGoldenBytesWhenJavaIsMade()
    {
        Generate("Java");
        var sources = Directory.GetFiles(_folder, "*.java", SearchOption.AllDirectories);
        Run("javac", ["-nowarn", "-cp", _classPath, "-d", _folder, .. sources, GoldenFile.Program]);
        var path = $"{_folder}{Path.PathSeparator}{_classPath}";
        var written = GoldenFile.Parse(Run("java", [Exports, "-cp", path, "GoldenMessages"]).Split('\n'));
        Assert.That(written, Is.EquivalentTo(GoldenFile.Read()));
        Assert.That(written.Keys, Is.EquivalentTo(SbeSchema.Load().Messages.Select(message => message.Name)));
    }

    [Test]
    public void ShouldCompileWhenCppIsMade()
    {
        Generate("Cpp");
        var headers = Directory.GetFiles(_folder, "*.h", SearchOption.AllDirectories);
        Assert.That(headers, Is.Not.Empty);
        var all = Path.Combine(_folder, "all.cpp");
        File.WriteAllLines(all, headers.Select(header => $"#include \"{header}\""));
        Run("g++", ["-std=c++17", "-Wall", "-Werror", "-fsyntax-only", all]);
    }

    /// <summary>Its warnings are of names that are words of a language, and are errors here.</summary>
    [Test]
    public void ShouldBeMadeWithoutAWarningWhenCSharpIsMade()
    {
        Generate("uk.co.real_logic.sbe.generation.csharp.CSharp");
        var types = Directory.GetFiles(_folder, "*.cs", SearchOption.AllDirectories);
        Assert.That(types, Has.Length.GreaterThan(SbeSchema.Load().Messages.Count));
    }

    private void Generate(string language) => Run(
        "java",
        [
            Exports, "-cp", _classPath, $"-Dsbe.output.dir={_folder}", $"-Dsbe.target.language={language}",
            "-Dsbe.validation.warnings.fatal=true", "-Dsbe.validation.stop.on.error=true",
            "uk.co.real_logic.sbe.SbeTool", SbeSchema.FilePath,
        ]);

    private static string Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        Assert.That(process.WaitForExit(Timeout), Is.True, $"{program} ends");
        Assert.That(process.ExitCode, Is.Zero, error.Result);
        return output.Result;
    }
}
