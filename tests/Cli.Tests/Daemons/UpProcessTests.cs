using System.Text.Json;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Tests.Demo;

namespace ExecutionPipeline.Cli.Tests.Daemons;

/// <summary>`xp up` and `xp top` with real processes.</summary>
[Parallelizable]
public sealed class UpProcessTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-up-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    private string Driver => Path.Combine(_folder, "driver");

    [Test]
    public void ShouldRestartWhatDiesAndEndAllInOrderWhenInterrupted()
    {
        using var up = XpProcess.Start(
            "up", "--engine", "--inference", "rules", "--aeron-dir", Driver, "--keys",
            Path.Combine(_folder, "keys.json"), "--port", "0", "--metrics-port", "0", "--set", "ring.wait=block");
        AwaitOrders();
        up.AwaitOutput("control  page http://127.0.0.1:");
        var pipeline = up.ChildOf("run")!.Value;

        XpProcess.KillOther(pipeline);

        Assert.That(
            SpinWait.SpinUntil(() => up.ChildOf("run") is { } other && other != pipeline, Timeout), Is.True,
            "no new pipeline");
        AwaitOrders();
        // It gives up, and is started again, where the new pipeline comes later than the driver lets go of the old one.
        Assert.That(SpinWait.SpinUntil(() => up.ChildOf("engine") is not null, Timeout), Is.True, "no engine");
        up.InterruptGroup(times: 1);
        Assert.That(up.End(), Is.Zero, up.Output + up.Error);
        var said = up.Output.Split('\n').Where(static line => line.StartsWith("up ", StringComparison.Ordinal))
            .Select(static line => line[8..].Trim()).ToList();
        Assert.That(said, Has.Some.StartsWith("pipeline has died").And.Some.StartsWith("pipeline again, process"));
        Assert.That(said.TakeLast(3), Is.EqualTo(["engine has ended", "pipeline has ended", "driver has ended"]));
        Assert.That(said, Has.Some.EqualTo("control has ended"));
        Assert.That(Directory.Exists(Driver), Is.False, "the driver's folder is gone");
    }

    /// <summary>The driver's end would be the end of trading.</summary>
    [Test]
    public void ShouldKeepAllRunningWhenTheTerminalHangsUp()
    {
        string[] commands = ["driver", "run", "engine", "control"];
        using var up = XpProcess.Start(
            "up", "--engine", "--inference", "rules", "--aeron-dir", Driver, "--keys",
            Path.Combine(_folder, "keys.json"), "--port", "0", "--metrics-port", "0", "--set", "ring.wait=block");
        AwaitOrders();
        up.AwaitOutput("control  page http://127.0.0.1:");
        int?[] before = [.. commands.Select(up.ChildOf)];
        Assert.That(before, Has.None.Null);

        up.HangUpGroup();

        up.AwaitOutput("refused, nothing is changed: it was started without a configuration file");
        AwaitOrders();
        Assert.That(commands.Select(up.ChildOf), Is.EqualTo(before));
        up.InterruptGroup(times: 1);
        Assert.That(up.End(), Is.Zero, up.Output + up.Error);
        Assert.That(up.Output, Does.Not.Contain("has died"));
    }

    [Test]
    public void ShouldFailWhenThePipelineCouldNotEndInOrder()
    {
        using var up = XpProcess.Start(
            "up", "--engine", "--inference", "rules", "--aeron-dir", Driver, "--no-control", "--set",
            "ring.wait=block", "venue.kind=process");
        up.AwaitOutput("pipeline with");
        using var venue = XpProcess.Start("venue", "--aeron-dir", Driver, "--latency", "1000");
        AwaitOrders();
        // Whatever is asked of it from here on has no answer.
        venue.Send("STOP");
        Assert.That(SpinWait.SpinUntil(() => Figures() is { } top && Working(top) > 0, Timeout), "no order works");

        up.InterruptGroup(times: 1);

        Assert.That(up.End(), Is.EqualTo(ExitCode.Failed), up.Output + up.Error);
        Assert.That(up.Output, Does.Contain("orders were still working at the venue")
            .And.Contain("pipeline has ended with exit code 1"));
    }

    [Test]
    public void ShouldEndWith2WhenTheConfigurationIsBad()
    {
        var file = Path.Combine(_folder, "bad.json");
        File.WriteAllText(file, "{ \"limits\": { \"max_position\": -3 } }");
        using var up = XpProcess.Start("up", "--config", file, "--inference", "rules", "--aeron-dir", Driver);

        Assert.That(up.End(), Is.EqualTo(ExitCode.Unusable), up.Error);
        Assert.That(up.Error, Does.Contain($"{file}:1:31: limits.max_position is -3"));
        Assert.That(up.Output, Is.Empty, "nothing was started");
    }

    [Test]
    public void ShouldSayThatNoPipelineIsThereWhenNonePublishes()
    {
        using var driver = XpProcess.Start("driver", "--aeron-dir", Driver);
        Assert.That(SpinWait.SpinUntil(() => File.Exists(Path.Combine(Driver, "cnc.dat")), Timeout), Is.True);
        using var top = XpProcess.Start("top", "--once", "--aeron-dir", Driver);

        Assert.That(top.End(), Is.EqualTo(ExitCode.Unusable));
        Assert.That(top.Error, Does.Contain("no pipeline publishes figures"));
    }

    /// <summary>Looks until the figures tell of orders and of their latencies.</summary>
    private void AwaitOrders()
    {
        var isSeen = SpinWait.SpinUntil(() => Figures() is { } top && HasOrders(top), Timeout);
        Assert.That(isSeen, Is.True, "no orders");
        using var shown = XpProcess.Start("top", "--once", "--aeron-dir", Driver);
        Assert.That(shown.End(), Is.Zero, shown.Error);
        Assert.That(shown.Output, Does.Contain("kill switch released").And.Contain("end to end").And.Contain("ES"));
    }

    /// <summary>What `xp top` shows; null: nobody publishes anything.</summary>
    private JsonElement? Figures()
    {
        var file = Path.Combine(_folder, "top.json");
        using var top = XpProcess.Start("top", "--json", file, "--aeron-dir", Driver);
        return top.End() == 0 ? JsonElement.Parse(File.ReadAllText(file)) : null;
    }

    private static bool HasOrders(JsonElement top) =>
        top.GetProperty("rates_per_second").GetProperty("orders_sent").GetDouble() > 0
            && top.GetProperty("events").GetProperty("timer").GetInt64() > 0
            && top.GetProperty("latency_ns_second").GetProperty("end_to_end").GetProperty("p50").GetInt64() > 0
            && top.GetProperty("limits").GetProperty("daily_trades").GetProperty("used").GetDouble() > 0;

    private static long Working(JsonElement top) => top.GetProperty("working_orders").GetInt64();
}
