using System.Text.Json;
using ExecutionPipeline.Cli.Tests.Demo;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Cli.Tests.Models;

/// <summary>A demo that runs, and another process that exchanges its models.</summary>
[Parallelizable]
public sealed class ModelDeployProcessTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);
    private string _folder = "";

    private string StorePath => Path.Combine(_folder, "store");

    private string JsonPath => Path.Combine(_folder, "figures.json");

    private string AeronDirectory => Path.Combine(_folder, "aeron");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-deploy-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldDecideByTheVersionThatWasDeployedWhileTheDemoRuns()
    {
        var store = new ModelStore(StorePath);
        var first = store.Add(RepositoryFiles.PathOf("models-onnx"), "t");
        store.MakeCurrent(first);
        var second = store.Add(MergedAlone(), "t");
        var journal = Path.Combine(_folder, "journal");
        using var demo = XpProcess.Start(
            "demo", "--seconds", "600", "--rate", "1000", "--warmup", "0", "--wait", "block", "--cpus", "none",
            "--quiet", "--models", StorePath, "--journal", journal, "--json", JsonPath,
            "--aeron-dir", AeronDirectory);
        Assert.That(SpinWait.SpinUntil(HasStarted, Timeout), Is.True, "the demo did not start");

        using var invalid = Models("deploy", $"{second}", "--store", StorePath, "--latency", "0.000001");
        Assert.That(invalid.End(), Is.EqualTo(1), invalid.Output);
        Assert.That(invalid.Error, Does.Contain($"{second} is not sent: a check is not passed"));
        Assert.That(invalid.Output, Does.Contain("latency, median").And.Contain("NOT PASSED"));
        using var deploy = Models("deploy", $"{second}"[..8], "--store", StorePath);
        Assert.That(deploy.End(), Is.Zero, deploy.Error);
        Assert.That(deploy.Output, Does.Contain($"{second} decides"));
        using var rollback = Models("rollback");
        Assert.That(rollback.End(), Is.Zero, rollback.Error);
        Assert.That(SpinWait.SpinUntil(() => store.History()[0] == first, Timeout), Is.True, "not rolled back");
        using var canary = Models("canary", $"{second}", "--store", StorePath, "--share", "10000");
        Assert.That(canary.End(), Is.Zero, canary.Error);
        Assert.That(SpinWait.SpinUntil(IsPromoted, Timeout), Is.True, "not promoted");
        demo.Interrupt();

        Assert.That(demo.End(), Is.EqualTo(130), demo.Error);
        Assert.That(demo.Output, Does.Contain($"models: {second} decides").And.Contain($"models: {first} decides"));
        AssertReported($"{second}", changes: 3);
        using var replay = XpProcess.Start("replay", "--journal", journal, "--models", StorePath);
        Assert.That(replay.End(), Is.Zero, replay.Error);
        using var without = XpProcess.Start("replay", "--journal", journal);
        Assert.That(without.End(), Is.EqualTo(2));
        Assert.That(without.Error, Does.Contain("name the store of models"));

        // A promotion before the canary has begun is refused, and a busy pipeline may answer late, so it is asked for
        // until it is done.
        bool IsPromoted()
        {
            using var promote = Models("promote");
            if (promote.End() != 0)
            {
                Assert.That(
                    promote.Error,
                    Does.Contain("refused: the models cannot be used so").Or.Contain("did not answer"));
            }

            return store.History()[0] == second;
        }
    }

    [Test]
    public void ShouldRefuseAFolderThatHoldsNoModels()
    {
        using var demo = XpProcess.Start("demo", "--models", _folder, "--aeron-dir", AeronDirectory);

        Assert.That(demo.End(), Is.EqualTo(2));
        Assert.That(demo.Error, Does.Contain($"{_folder} has no manifest.json and is no store"));
    }

    [Test]
    public void ShouldSayWhyAndGoOnWhenTheDemosModelsAreDamaged()
    {
        var store = new ModelStore(StorePath);
        var first = store.Add(RepositoryFiles.PathOf("models-onnx"), "t");
        store.MakeCurrent(first);
        File.WriteAllText(Path.Combine(StorePath, "versions", $"{first}", "execution_policy.onnx"), "damaged");
        using var demo = XpProcess.Start(
            "demo", "--events", "500", "--rate", "2000", "--warmup", "0", "--wait", "block", "--cpus", "none",
            "--models", StorePath, "--json", JsonPath, "--aeron-dir", AeronDirectory);

        Assert.That(demo.End(), Is.Zero, demo.Error);
        using var figures = JsonDocument.Parse(File.ReadAllText(JsonPath));
        Assert.That(figures.RootElement.GetProperty("inference_backend").GetString(), Is.EqualTo("rules"));
        Assert.That(
            figures.RootElement.GetProperty("inference_problem").GetString(),
            Does.StartWith("the current models: execution_policy.onnx: SHA-256 is"));
        Assert.That(demo.Output, Does.Contain("rules decides, not what was asked for"));
    }

    [Test]
    public void ShouldNameTheFolderWhenNoPipelineRunsThere()
    {
        using var xp = Models("promote");
        Assert.That(xp.End(), Is.EqualTo(2));
        Assert.That(xp.Error, Does.Contain($"no media driver in {AeronDirectory}"));
    }

    private void AssertReported(string version, int changes)
    {
        using var figures = JsonDocument.Parse(File.ReadAllText(JsonPath));
        var models = figures.RootElement.GetProperty("models");
        var canary = models.GetProperty("canaries").EnumerateArray().Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(models.GetProperty("version").GetString(), Is.EqualTo(version));
            Assert.That(models.GetProperty("changes").GetInt64(), Is.EqualTo(changes));
            Assert.That(canary.GetProperty("version").GetString(), Is.EqualTo(version));
            Assert.That(canary.GetProperty("state").GetString(), Is.EqualTo("promoted"));
            Assert.That(canary.GetProperty("share_bps").GetInt64(), Is.EqualTo(10_000));
            Assert.That(canary.GetProperty("decisions").GetInt64(), Is.Positive);
            Assert.That(canary.GetProperty("disagreements").GetInt64(), Is.Zero, "it decides the same");
            Assert.That(canary.GetProperty("mean_ns").GetDouble(), Is.Positive);
        }
    }

    private XpProcess Models(params string[] arguments) =>
        XpProcess.Start(["models", .. arguments, "--aeron-dir", AeronDirectory]);

    private bool HasStarted() => XpProcess.LogsIn(AeronDirectory) >= 5;

    // The merged graph is all that the demo asks for, so this is another version that decides the same.
    private string MergedAlone()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "merged")).FullName;
        var shipped = RepositoryFiles.PathOf("models-onnx");
        var manifest = ModelDirectory.Open(shipped).Manifest;
        var merged = manifest with { Models = [.. manifest.Models.Take(1)] };
        File.Copy(Path.Combine(shipped, merged.Models[0].File), Path.Combine(folder, merged.Models[0].File));
        File.WriteAllText(Path.Combine(folder, ModelManifest.FileName), merged.ToJson());
        return folder;
    }
}
