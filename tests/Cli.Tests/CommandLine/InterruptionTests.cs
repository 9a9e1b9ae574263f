using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Cli.Tests.Demo;

namespace ExecutionPipeline.Cli.Tests.CommandLine;

/// <summary>Every command, as a process of its own, ends with 130 when a signal comes, wherever it is.</summary>
[Parallelizable]
public sealed class InterruptionTests
{
    private const int LogIntervals = 50_000;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private string _folder = "";
    private XpProcess? _driver;

    private static IEnumerable<TestCaseData> Commands()
    {
        string[] lines =
        [
            "demo --seconds 600 --rate 1000 --warmup 0 --inference rules --quiet --cpus none --aeron-dir FOLDER/own "
                + "--wait block",
            "engine --aeron-dir FOLDER/driver --seconds 600",
            "venue --aeron-dir FOLDER/driver --generate",
            "audit run --follow --journal FOLDER/journal --store FOLDER/audit.db --inference rules",
            "replay --journal FOLDER/journal --output FOLDER/out",
            "journal tail --journal FOLDER/journal",
            "journal snapshot --journal FOLDER/journal --follow --inference rules",
            "backtest --minutes 500000 --inference rules --quiet --report FOLDER/backtest --json FOLDER/out",
            "backtest sweep --minutes 500000 --inference rules --seeds 2 --report FOLDER/merged.hlog --json FOLDER/out",
            "simulate --seeds 1000000 --json FOLDER/out",
            "tca FOLDER/large.json --html FOLDER/out",
            "latency --stage all --iterations 100000000",
            "models fit --steps 10000000 --output FOLDER/fitted --quiet",
            "models validate --store MODELS",
            "models promote --aeron-dir FOLDER/driver",
            "models canary current --store MODELS --aeron-dir FOLDER/driver",
            "hist print FOLDER/large.hlog",
            "hist csv FOLDER/large.hlog",
            "hist merge FOLDER/large.hlog --output FOLDER/merged.hlog",
            "hist compare FOLDER/large.hlog FOLDER/large.hlog",
            "config check FOLDER/pipe",
            "config import FOLDER/pipe",
            "hist report FOLDER/large.hlog --output FOLDER/page.html",
            "driver --aeron-dir FOLDER/second",
            "stat --aeron-dir FOLDER/driver",
            "streams --aeron-dir FOLDER/driver",
            "errors --aeron-dir FOLDER/driver",
            "top --aeron-dir FOLDER/driver",
            "doctor --seconds 600 --json FOLDER/out",
            "kill --aeron-dir FOLDER/driver --timeout 600",
            "status --aeron-dir FOLDER/driver --timeout 600",
            "order pause --id 1 --aeron-dir FOLDER/driver --timeout 600",
        ];
        foreach (var line in lines)
        {
            foreach (var signal in (string[])["INT", "TERM"])
                yield return new TestCaseData(line, signal).SetArgDisplayNames(line.Split(" -")[0], signal);
        }
    }

    [OneTimeSetUp]
    public void Prepare()
    {
        _folder = Directory.CreateTempSubdirectory("xp-signals-").FullName;
        var journal = Path.Combine(_folder, "journal");
        using (var demo = XpProcess.Start(
            "demo", "--events", "2000", "--rate", "10000", "--warmup", "0", "--inference", "rules", "--cpus", "none",
            "--wait", "block", "--aeron-dir", Path.Combine(_folder, "first"), "--journal", journal, "--report",
            Path.Combine(_folder, "report")))
        {
            Assert.That(demo.End(), Is.Zero, demo.Error);
        }

        var lines = File.ReadAllLines(Path.Combine(_folder, "report", "latency.hlog"));
        var interval = lines.First(line => line.StartsWith("Tag=", StringComparison.Ordinal));
        File.WriteAllLines(
            Path.Combine(_folder, "large.hlog"),
            lines.Where(line => line.StartsWith('#')).Concat(Enumerable.Repeat(interval, LogIntervals)));
        WriteLargeAnalysis();
        using (var pipe = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(_folder, "pipe")]))
            pipe.WaitForExit();
        var directory = Path.Combine(_folder, "driver");
        _driver = XpProcess.Start("driver", "--aeron-dir", directory);
        Assert.That(
            SpinWait.SpinUntil(() => File.Exists(Path.Combine(directory, "cnc.dat")), Timeout), Is.True, "no driver");
    }

    /// <summary>So many orders that reading them takes longer than a signal.</summary>
    private void WriteLargeAnalysis()
    {
        const int orders = 100_000;
        var report = Path.Combine(_folder, "small");
        using (var backtest = XpProcess.Start(
            "backtest", "--minutes", "5", "--signals", "10", "--inference", "rules", "--quiet", "--report", report))
        {
            Assert.That(backtest.End(), Is.Zero, backtest.Error);
        }

        var small = CostReport.ReadJson(Path.Combine(report, "costs.json"));
        CostReport.WriteJson(
            Path.Combine(_folder, "large.json"),
            small with { Orders = [.. Enumerable.Repeat(small.Orders[0], orders)] });
    }

    [OneTimeTearDown]
    public void Remove()
    {
        _driver?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [TestCaseSource(nameof(Commands))]
    public void ShouldEndWith130WhenASignalComes(string line, string signal)
    {
        var models = RepositoryFiles.PathOf("models-onnx");
        using var xp = XpProcess.Start(
            [.. line.Split(' ').Select(word => word.Replace("FOLDER", _folder).Replace("MODELS", models))]);
        xp.AwaitSignalHandlers();

        xp.Send(signal);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(xp.End(), Is.EqualTo(ExitCode.Interrupted), xp.Error);
            Assert.That(xp.Error, Does.Not.Contain("   at "), "no stack trace");
            Assert.That(xp.Error.Trim(), Does.Not.Contain('\n'));
            Assert.That(
                xp.Output, Does.Not.Contain("events through").And.Not.Contain("passed").And.Not.Contain("written to"),
                "it did not go on to its end");
            Assert.That(File.Exists(Path.Combine(_folder, "out")), Is.False, "half of a file is no file");
            Assert.That(File.Exists(Path.Combine(_folder, "merged.hlog")), Is.False);
            Assert.That(Directory.Exists(Path.Combine(_folder, "own")), Is.False, "the driver's folder is gone");
        }
    }

    /// <summary>A signal is how these are meant to end.</summary>
    [TestCase("run --inference rules --aeron-dir FOLDER/own", "INT")]
    [TestCase("run --inference rules --aeron-dir FOLDER/own", "TERM")]
    [TestCase("control --keys FOLDER/keys --aeron-dir FOLDER/own --port 0 --metrics-port 0", "TERM")]
    [TestCase("control --keys FOLDER/keys --aeron-dir FOLDER/own --port 0 --metrics-port 0", "HUP")]
    public void ShouldEndWith0WhenASignalComesToAService(string line, string signal)
    {
        using var xp = XpProcess.Start([.. line.Split(' ').Select(word => word.Replace("FOLDER", _folder))]);
        xp.AwaitSignalHandlers();

        xp.Send(signal);

        Assert.That(xp.End(), Is.Zero, xp.Error);
        Assert.That(xp.Error, Is.Empty);
        Assert.That(Directory.Exists(Path.Combine(_folder, "own")), Is.False, "the driver's folder is gone");
    }
}
