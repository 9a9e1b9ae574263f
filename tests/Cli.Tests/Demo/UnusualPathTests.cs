using System.Text.Json;

namespace ExecutionPipeline.Cli.Tests.Demo;

/// <summary>A run whose every path has a space and letters beyond ASCII, as a user's home may have.</summary>
[Parallelizable]
public sealed class UnusualPathTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateDirectory(
        Path.Combine(Directory.CreateTempSubdirectory("xp-paths-").FullName, "Zoë 東京")).FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Test]
    public void ShouldRunAndReplayWhenEveryPathIsBeyondAscii()
    {
        var models = Directory.CreateDirectory(In("modèles")).FullName;
        foreach (var file in Directory.GetFiles(RepositoryFiles.PathOf("models-onnx")))
            File.Copy(file, Path.Combine(models, Path.GetFileName(file)));
        File.WriteAllText(In("réglages.json"), """{ "limits": { "max_order_size": 4 } }""");

        using var demo = XpProcess.Start(
            "demo", "--events", "500", "--rate", "1000", "--warmup", "0", "--wait", "block", "--cpus", "none",
            "--quiet", "--aeron-dir", In("aéron"), "--report", In("rapport 一"), "--json", In("chiffres.json"),
            "--models", models, "--config", In("réglages.json"), "--journal", In("entrée"));
        Assert.That(demo.End(), Is.Zero, demo.Error + demo.Output);
        using var replay = XpProcess.Start(
            "replay", "--journal", In("entrée"), "--models", models, "--config", In("réglages.json"),
            "--output", In("sortie.bin"), "--json", In("relecture.json"));
        Assert.That(replay.End(), Is.Zero, replay.Error + replay.Output);

        using var figures = JsonDocument.Parse(File.ReadAllText(In("chiffres.json")));
        using var replayed = JsonDocument.Parse(File.ReadAllText(In("relecture.json")));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(figures.RootElement.GetProperty("events_lost").GetInt64(), Is.Zero);
            Assert.That(figures.RootElement.GetProperty("inference_backend").GetString(), Is.EqualTo("compiled"));
            Assert.That(
                figures.RootElement.GetProperty("inference_problem").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(Directory.GetFiles(In("rapport 一")), Has.Length.EqualTo(4));
            Assert.That(Unbroken(demo.Output), Does.Contain("Zoë東京/rapport一/report.html"));
            Assert.That(replayed.RootElement.GetProperty("is_whole").GetBoolean(), Is.True);
            Assert.That(new FileInfo(In("sortie.bin")).Length, Is.Positive);
            Assert.That(Directory.Exists(In("aéron")), Is.False, "the driver's folder is gone");
        }
    }

    [Test]
    public void ShouldNameThePathAsItIsWrittenWhenItCannotBeUsed()
    {
        using var demo = XpProcess.Start("demo", "--config", In("fehlt ß.json"));

        Assert.That(demo.End(), Is.EqualTo(2));
        Assert.That(demo.Error, Does.StartWith("xp demo: --config: ").And.Contain(In("fehlt ß.json")));
    }

    private string In(string name) => Path.Combine(_folder, name);

    // A line that is longer than the terminal is wide is broken anywhere.
    private static string Unbroken(string text) =>
        string.Concat(text.Where(static character => !char.IsWhiteSpace(character)));
}
