using System.Net;
using System.Text.Json;

namespace ExecutionPipeline.Cli.Tests.Demo;

/// <summary>A run that finds the kill switch latched says so wherever its figures are read.</summary>
[Parallelizable]
public sealed class LatchedStartTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-latched-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldSayOnTheTerminalAndInTheReportThatItStartedLatched()
    {
        var state = In("kill-switch.json");
        File.WriteAllText(
            state,
            """
            {"latched":true,"cause":"Command","reason":7,"time_ns":1700000000000000000,"correlation_id":9}
            """);
        var note = $"the kill switch is latched: {state} says Command, reason 7, since 2023-11-14 22:13:20Z";

        var root = Run(state, out var output);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(root.GetProperty("start_note").GetString(), Is.EqualTo(note));
            Assert.That(root.GetProperty("orders").GetInt64(), Is.Zero, "nothing that adds risk leaves");
            Assert.That(
                WebUtility.HtmlDecode(File.ReadAllText(Path.Combine(In("report"), "report.html"))),
                Does.Contain(note));
            Assert.That(string.Join(' ', output.Split()), Does.Contain("the kill switch is latched:"));
            Assert.That(File.ReadAllText(state), Does.Contain("\"reason\":7"), "the first reason is kept");
        }
    }

    [Test]
    public void ShouldNoteNothingWhenTheSwitchIsReleased()
    {
        var root = Run(In("kill-switch.json"), out var output);

        Assert.That(root.GetProperty("start_note").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(root.GetProperty("orders").GetInt64(), Is.Positive);
        Assert.That(output, Does.Not.Contain("kill switch"));
    }

    private JsonElement Run(string stateFile, out string output)
    {
        var state = new { state = new { kill_switch_file = stateFile } };
        File.WriteAllText(In("config.json"), JsonSerializer.Serialize(state));
        using var xp = XpProcess.Start(
            "demo", "--events", "300", "--rate", "1000", "--warmup", "0", "--wait", "block", "--cpus", "none",
            "--inference", "rules", "--quiet", "--aeron-dir", In("aeron"), "--config", In("config.json"),
            "--report", In("report"));
        Assert.That(xp.End(), Is.Zero, xp.Error + xp.Output);
        output = xp.Output;
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(In("report"), "report.json")));
        return json.RootElement.Clone();
    }

    private string In(string name) => Path.Combine(_folder, name);
}
