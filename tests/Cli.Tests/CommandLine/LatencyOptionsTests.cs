using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Latency;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Cli.Tests.CommandLine;

public sealed class LatencyOptionsTests
{
    [Test]
    public void ShouldReadEveryOptionWhenAllAreGiven()
    {
        var folder = Path.GetTempPath();
        var json = Path.Combine(folder, "latency.json");

        var xp = Xp.Run(
            "latency", "--stage", "inference", "--iterations", "7", "--graph", "separate", "--models", folder,
            "--json", json);

        Assert.That(xp.HasRun, Is.True, xp.Error);
        var options = (LatencyOptions)xp.Options!;
        Assert.That(options.Stage, Is.EqualTo(LatencyStages.Inference));
        Assert.That(options.Iterations, Is.EqualTo(7));
        Assert.That(options.Graph, Is.EqualTo(GraphChoice.Separate));
        Assert.That(options.ModelsDirectory, Is.Not.Null);
        Assert.That(options.JsonFile, Is.EqualTo(json));
    }

    [Test]
    public void ShouldRefuseWhenStageIsUnknown() =>
        Assert.That(Xp.Run("latency", "--stage", "nothing").Error, Does.Contain("'nothing' is none of"));
}
