using System.Diagnostics;
using System.Text.RegularExpressions;
using ExecutionPipeline.Cli.Demo;

namespace ExecutionPipeline.Cli.Tests.Demo;

/// <summary>
/// What a run does that nobody asked for: nothing. It gets a home, a folder for temporary files and a working folder
/// that are empty and must be so at the end, and where the system has a tracer, no file may be written elsewhere
/// meanwhile and no connection opened.
/// </summary>
[Parallelizable]
public sealed partial class UnaskedWritesTests
{
    private const string Tracer = "/usr/bin/strace";

    private static readonly string[] ForNobodyElse = ["home", "temporary", "working"];
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private static readonly string[][] Runs =
    [
        ["demo", "--events", "500", "--rate", "1000", "--warmup", "0", "--wait", "block", "--cpus", "none"],
        ["models", "validate", "current", "--store", RepositoryFiles.PathOf("models-onnx"), "--latency", "1000000"],
    ];

    private string _folder = "";

    private string Asked => Path.Combine(_folder, "asked");

    [SetUp]
    public void MakeFolders()
    {
        _folder = Directory.CreateTempSubdirectory("xp-tests-").FullName;
        foreach (var name in ForNobodyElse)
            Directory.CreateDirectory(Path.Combine(_folder, name));
        Directory.CreateDirectory(Asked);
    }

    [TearDown]
    public void RemoveFolders() => Directory.Delete(_folder, recursive: true);

    [TestCaseSource(nameof(Runs))]
    public void ShouldLeaveNoFileThatNobodyAskedForWhenItHasRun(params string[] command)
    {
        Run("dotnet", [ProgramFile, .. WithFolders(command)]);

        var left = ForNobodyElse.SelectMany(name => Directory.EnumerateFileSystemEntries(
            Path.Combine(_folder, name), "*", SearchOption.AllDirectories));
        Assert.That(left, Is.Empty);
    }

    [TestCaseSource(nameof(Runs))]
    public void ShouldConnectNowhereAndWriteOnlyWhatIsAskedForWhenTraced(params string[] command)
    {
        var trace = Path.Combine(_folder, "trace");
        string[] tracing = ["--seccomp-bpf", "-f", "-qq", "-e", "trace=open,openat,creat,connect", "-o", trace];
        if (!IsTracerAllowed(tracing))
            Assert.Ignore("no tracer that works here: apt-get install strace, and let it trace processes");

        Run(Tracer, [.. tracing, "dotnet", ProgramFile, .. WithFolders(command)]);

        var calls = File.ReadAllLines(trace);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(calls, Has.Some.Contains("libonnxruntime"), "the trace has what the run opened");
            Assert.That(calls.Where(IsConnection), Is.Empty);
            Assert.That(calls.Select(WrittenFile).OfType<string>().Where(path => !IsAllowed(path)), Is.Empty);
        }
    }

    private static string ProgramFile => typeof(DemoRunner).Assembly.Location;

    private string[] WithFolders(string[] command) => command[0] == "demo"
        ? [.. command, "--aeron-dir", Path.Combine(Asked, "aeron"), "--report", Path.Combine(Asked, "report")]
        : [.. command, "--json", Path.Combine(Asked, "figures.json")];

    private static bool IsTracerAllowed(string[] tracing)
    {
        if (!File.Exists(Tracer))
            return false;

        using var process = Process.Start(new ProcessStartInfo(Tracer, [.. tracing, "true"])
        {
            RedirectStandardError = true,
        })!;
        process.StandardError.ReadToEnd();
        return process.WaitForExit(Timeout) && process.ExitCode == 0;
    }

    private void Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.Combine(_folder, "working"),
        };
        start.Environment["HOME"] = Path.Combine(_folder, "home");
        start.Environment["TMPDIR"] = Path.Combine(_folder, "temporary");
        start.Environment.Remove("XDG_CACHE_HOME");
        // What the product switches off itself must not be off because whoever runs the tests did so.
        start.Environment.Remove("ORT_DISABLE_TELEMETRY");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Timeout))
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, error.Result + output.Result);
    }

    /// <summary>Anything but what stays on the machine: the name service's socket, asked for the user's home.</summary>
    private static bool IsConnection(string call) =>
        call.Contains(" connect(", StringComparison.Ordinal) && !call.Contains("AF_UNIX", StringComparison.Ordinal);

    private static string? WrittenFile(string call) =>
        Writes().Match(call) is { Success: true } match ? match.Groups["path"].Value : null;

    // What the .NET runtime itself needs, and removes: the names of its threads, locks and its diagnostics' socket.
    private bool IsAllowed(string path) =>
        path.StartsWith(Asked, StringComparison.Ordinal)
        || path.StartsWith("/proc/self/", StringComparison.Ordinal)
        || path.StartsWith("/dev/", StringComparison.Ordinal)
        || Path.GetFileName(path).StartsWith("clr-debug-pipe", StringComparison.Ordinal);

    [GeneratedRegex("""^\d+ +(?:open(?:at)?|creat)\((?:AT_FDCWD, )?"(?<path>[^"]*)", .*O_(?:WRONLY|RDWR|CREAT)""")]
    private static partial Regex Writes();
}
