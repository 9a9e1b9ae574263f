using ExecutionPipeline.Cli.Tests.Demo;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Cli.Tests.Models;

/// <summary>A demo that runs, and another process that exchanges its models.</summary>
[NonParallelizable]
public sealed class ModelDeployProcessTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private string _folder = "";

    private string StorePath => Path.Combine(_folder, "store");

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
        var recording = Path.Combine(_folder, "input");
        using var demo = XpProcess.Start(
            "demo", "--seconds", "600", "--rate", "1000", "--warmup", "0", "--wait", "yield", "--cpus", "none",
            "--quiet", "--models", StorePath, "--record", recording, "--aeron-dir", AeronDirectory);
        Assert.That(SpinWait.SpinUntil(HasStarted, Timeout), Is.True, "the demo did not start");

        using var deploy = Models("deploy", $"{second}"[..8], "--store", StorePath);
        Assert.That(deploy.End(), Is.Zero, deploy.Error);
        Assert.That(deploy.Output, Does.Contain($"{second} decides"));
        using var rollback = Models("rollback");
        Assert.That(rollback.End(), Is.Zero, rollback.Error);
        Assert.That(SpinWait.SpinUntil(() => store.History()[0] == first, Timeout), Is.True, "not rolled back");
        demo.Interrupt();

        Assert.That(demo.End(), Is.EqualTo(130), demo.Error);
        Assert.That(demo.Output, Does.Contain($"models: {second} decides").And.Contain($"models: {first} decides"));
        using var replay = XpProcess.Start("replay", recording, "--models", StorePath);
        Assert.That(replay.End(), Is.Zero, replay.Error);
        using var without = XpProcess.Start("replay", recording);
        Assert.That(without.End(), Is.EqualTo(1));
        Assert.That(without.Error, Does.Contain("name the store of models"));
    }

    [Test]
    public void ShouldSayWhyAndGoOnWhenTheDemosModelsAreDamaged()
    {
        var store = new ModelStore(StorePath);
        var first = store.Add(RepositoryFiles.PathOf("models-onnx"), "t");
        store.MakeCurrent(first);
        File.WriteAllText(Path.Combine(StorePath, "versions", $"{first}", "execution_policy.onnx"), "damaged");
        var json = Path.Combine(_folder, "figures.json");
        using var demo = XpProcess.Start(
            "demo", "--events", "500", "--rate", "2000", "--warmup", "0", "--wait", "yield", "--cpus", "none",
            "--models", StorePath, "--json", json, "--aeron-dir", AeronDirectory);

        Assert.That(demo.End(), Is.Zero, demo.Error);
        using var figures = System.Text.Json.JsonDocument.Parse(File.ReadAllText(json));
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

    private XpProcess Models(params string[] arguments) =>
        XpProcess.Start(["models", .. arguments, "--aeron-dir", AeronDirectory]);

    private bool HasStarted() => Directory.Exists(AeronDirectory)
        && Directory.GetFiles(AeronDirectory, "*.logbuffer", SearchOption.AllDirectories).Length >= 5;

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
