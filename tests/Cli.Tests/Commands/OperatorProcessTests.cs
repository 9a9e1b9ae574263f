using System.Text.Json;
using ExecutionPipeline.Cli.Commands;
using ExecutionPipeline.Cli.Tests.Demo;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Cli.Tests.Commands;

/// <summary>A pipeline that trades, and an operator in another process.</summary>
[Parallelizable]
public sealed class OperatorProcessTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);
    private string _folder = "";

    private string AeronDirectory => Path.Combine(_folder, "aeron");

    private string AnswerFile => Path.Combine(_folder, "answer.json");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-operator-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldSayWhatChangedWhenARunningPipelineIsCommanded()
    {
        using var demo = XpProcess.Start(
            "demo", "--seconds", "600", "--rate", "500", "--warmup", "0", "--wait", "block", "--cpus", "none",
            "--inference", "rules", "--quiet", "--aeron-dir", AeronDirectory);
        Assert.That(SpinWait.SpinUntil(HasEngine, Timeout), Is.True, "the engine did not connect");

        Assert.That(
            Run(0, "status"), Does.Match("(?m)^kill switch +released$").And.Match(@"(?m)^rates +\d+ signals/s"));
        Assert.That(Answer().GetProperty("kill_switch_latched").GetBoolean(), Is.False);
        Assert.That(Answer().GetProperty("breakers").EnumerateObject().Count(), Is.EqualTo(5));

        Assert.That(Run(0, "kill", "--reason", "7"), Does.Contain("latched, cause: command"));
        Assert.That(Answer().GetProperty("kill_switch_latched").GetBoolean(), Is.True);
        Assert.That(Run(0, "kill"), Does.Contain("latched, cause: command, as it was before"));
        Assert.That(Run(0, "close-all"), Does.Match("instrument 1 +position 0"), "nothing adds to it: it is killed");
        Assert.That(Answer().GetProperty("positions")[0].GetProperty("position").GetInt32(), Is.Zero);
        Assert.That(Run(0, "cancel-all", "--instrument", "1"), Does.Match(@"cancelled +\d+ order"));
        Assert.That(Run(0, "resume", "--reason", "9"), Does.Match("(?m)^kill switch +released$"));
        Assert.That(Run(0, "resume", "--reason", "9"), Does.Contain("released, as it was before"));
        Assert.That(
            Run(0, "stop-entries", "--reason", "4", "--operator", "12"),
            Does.Match("instrument 1 .*, entries stopped"));
        Assert.That(Answer().GetProperty("operator_id").GetInt32(), Is.EqualTo(12));
        Assert.That(Run(0, "status"), Does.Match("(?m)^kill switch +released$").And.Contain(", entries stopped"));
        Assert.That(Answer().GetProperty("parent_orders").GetArrayLength(), Is.Zero, "nothing adds risk any more");
        Assert.That(
            Run(0, "resume-entries", "--instrument", "1", "--reason", "5"), Does.Not.Contain("entries stopped"));
        Assert.That(Answer().GetProperty("reason").GetInt32(), Is.EqualTo(5));

        using var order = Start("order", "pause", "--id", "9223372036854775807");
        Assert.That(order.End(), Is.EqualTo(1));
        Assert.That(
            order.Error.Trim(),
            Is.EqualTo("xp order pause: refused: no such parent order works, or it is already so"));
        Assert.That(Answer().GetProperty("parent_id").GetInt64(), Is.EqualTo(long.MaxValue));
        using var unknown = Start("close-all", "--instrument", "99");
        Assert.That(unknown.End(), Is.EqualTo(1));
        Assert.That(unknown.Error.Trim(), Is.EqualTo("xp close-all: refused: no such instrument is configured"));
        using var promote = XpProcess.Start("models", "promote", "--aeron-dir", AeronDirectory);
        Assert.That(promote.End(), Is.EqualTo(1), "there is no canary");
        Assert.That(promote.Error, Does.StartWith("xp models promote: refused: "));
        demo.Interrupt();
        Assert.That(demo.End(), Is.EqualTo(130), demo.Error);
    }

    [Test]
    public void ShouldReachThePipelineByItsConfigurationWhenItsStreamsAreOthers()
    {
        var config = Path.Combine(_folder, "config.json");
        var figures = Path.Combine(_folder, "figures.json");
        File.WriteAllText(
            config,
            """
            {
              "ring": { "topology": "fused", "wait": "block", "processors": [] },
              "streams": {
                "input_channel": "aeron:ipc?term-length=256k", "outbound_channel": "aeron:ipc?term-length=512k",
                "signal_stream": 11, "market_stream": 12, "command_stream": 13, "outbound_stream": 21
              }
            }
            """);
        using var demo = XpProcess.Start(
            "demo", "--seconds", "600", "--rate", "500", "--warmup", "0", "--inference", "rules", "--quiet",
            "--aeron-dir", AeronDirectory, "--config", config, "--json", figures, "--wait", "block");
        Assert.That(SpinWait.SpinUntil(HasEngine, Timeout), Is.True, "the engine did not connect");

        using (var elsewhere = Start("status", "--timeout", "0.5"))
        {
            Assert.That(elsewhere.End(), Is.EqualTo(1));
            Assert.That(elsewhere.Error.Trim(), Does.StartWith("xp status: no pipeline takes commands in "));
        }

        Assert.That(Run(0, "kill", "--config", config), Does.Contain("latched, cause: command"));
        Assert.That(Run(0, "cancel-all", "--config", config), Does.Match(@"cancelled +\d+ order"));
        Assert.That(Run(0, "resume", "--reason", "1", "--config", config), Does.Match("(?m)^kill switch +released$"));
        using (var promote = XpProcess.Start("models", "promote", "--aeron-dir", AeronDirectory, "--config", config))
        {
            Assert.That(promote.End(), Is.EqualTo(1), "there is no canary");
            Assert.That(promote.Error, Does.StartWith("xp models promote: refused: "));
        }

        demo.Interrupt();
        Assert.That(demo.End(), Is.EqualTo(130), demo.Error);
        using var json = JsonDocument.Parse(File.ReadAllText(figures));
        Assert.That(json.RootElement.GetProperty("topology").GetString(), Is.EqualTo("fused"));
        Assert.That(json.RootElement.GetProperty("settings").GetProperty("wait").GetString(), Is.EqualTo("block"));
        Assert.That(json.RootElement.GetProperty("settings").GetProperty("pinned").GetString(), Is.EqualTo("none"));
        Assert.That(json.RootElement.GetProperty("events_processed").GetInt64(), Is.Positive);
    }

    [Test]
    public void ShouldSayThatNobodyAnswersWhenNoPipelineRuns()
    {
        using var driver = XpProcess.Start("driver", "--aeron-dir", AeronDirectory);
        Assert.That(
            SpinWait.SpinUntil(() => File.Exists(Path.Combine(AeronDirectory, "cnc.dat")), Timeout), Is.True);
        using var kill = Start("kill", "--timeout", "0.5");

        Assert.That(kill.End(), Is.EqualTo(1));
        Assert.That(kill.Error.Trim(), Is.EqualTo($"xp kill: no pipeline takes commands in {AeronDirectory}"));
        using var nowhere = XpProcess.Start("kill", "--aeron-dir", _folder);
        Assert.That(nowhere.End(), Is.EqualTo(2));
        Assert.That(nowhere.Error, Does.Contain($"no media driver in {_folder}"));
    }

    [Test]
    public void ShouldAskForAReasonWhenTheSwitchIsToBeReleased()
    {
        Assert.That(CommandLine.Xp.Run("resume").Error, Does.Contain("--reason must be given"));
        Assert.That(CommandLine.Xp.Run("kill", "--reason", "0").Error, Does.Contain("--reason: 0 is outside 1 to"));
        var options = (OperatorOptions)CommandLine.Xp.Run("close-all", "--instrument", "4").Options!;
        Assert.That((options.Kind, options.Instrument), Is.EqualTo((CommandKind.CloseAll, (uint?)4)));
    }

    [Test]
    public void ShouldAskForTheOrderWhenItIsNotNamed()
    {
        foreach (var command in (string[])["pause", "resume", "cancel", "amend"])
            Assert.That(CommandLine.Xp.Run("order", command).Error, Does.Contain("--id must be given"));
        Assert.That(
            CommandLine.Xp.Run("order", "amend", "--id", "4").Error, Does.Contain("--quantity must be given"));
        Assert.That(
            CommandLine.Xp.Run("order", "amend", "--id", "4", "--quantity", "0").Error,
            Does.Contain("--quantity: 0 is outside 1 to"));
        Assert.That(CommandLine.Xp.Run("order", "pause", "--id", "4", "--quantity", "2").HasRun, Is.False);
        var options = (OperatorOptions)CommandLine.Xp.Run(
            "order", "amend", "--id", "4", "--quantity", "2", "--instrument", "7").Options!;
        Assert.That(
            (options.Kind, options.Name, options.ParentId, options.Quantity, options.Instrument),
            Is.EqualTo((CommandKind.AmendOrder, "order amend", (ulong?)4, 2, (uint?)7)));
    }

    private string Run(int code, params string[] arguments)
    {
        using var xp = Start(arguments);
        Assert.That(xp.End(), Is.EqualTo(code), xp.Error + xp.Output);
        Assert.That(xp.Output.Split('\n').Max(static line => line.Length), Is.LessThanOrEqualTo(80));
        return xp.Output;
    }

    private XpProcess Start(params string[] arguments) =>
        XpProcess.Start([.. arguments, "--aeron-dir", AeronDirectory, "--json", AnswerFile]);

    private JsonElement Answer()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(AnswerFile));
        return json.RootElement.Clone();
    }

    private bool HasEngine() => XpProcess.LogsIn(AeronDirectory) >= 5;
}
