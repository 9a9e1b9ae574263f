using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Training.Distillation;

namespace ExecutionPipeline.Training.Tests;

public sealed class TeacherDistillationTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-fit-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldWriteVerifiableModelsThatLearntWhenRun()
    {
        var reports = new List<DistillationProgress>();

        var manifest = TeacherDistillation.Run(Options("a", seed: 3, steps: 400), reports.Add);

        var written = ModelDirectory.Open(Path.Combine(_folder, "a"));
        Assert.That(written.VerifyAll, Throws.Nothing);
        Assert.That(
            Directory.GetFiles(Path.Combine(_folder, "a")).Select(Path.GetFileName),
            Is.EquivalentTo(TeacherDistillation.FileNames));
        Assert.That(written.Manifest.ToJson(), Is.EqualTo(manifest.ToJson()));
        Assert.That(manifest.Origin.Command, Does.StartWith("xp models fit --seed 3 --steps 400 "));
        Assert.That(reports[^1].Step, Is.EqualTo(500));
        Assert.That(reports[^1].SizeLossNats, Is.LessThan(reports[0].SizeLossNats));
        Assert.That(reports[^1].BracketLoss, Is.LessThan(reports[0].BracketLoss / 2));
        // Far from what the shipped models reach, and far from chance: one in five, one in four.
        Assert.That(manifest.Validation.Size.Accuracy, Is.GreaterThan(0.6));
        Assert.That(manifest.Validation.Strategy.Accuracy, Is.GreaterThan(0.7));
    }

    [Test]
    public void ShouldGiveModelsThatAreRunCompiledWhateverTheSeed([Values(1, 2, 3, 4)] int seed)
    {
        TeacherDistillation.Run(Options("a", seed, steps: 400));

        var models = ModelDirectory.Open(Path.Combine(_folder, "a"));
        using var policy = LoadedPolicy.OpenCompiled(models, isSeparate: false);

        Assert.That((policy.Name, policy.Problem), Is.EqualTo(("compiled", default(string))));
    }

    [Test]
    public void ShouldWriteTheSameBytesWhenSeedIsTheSame()
    {
        TeacherDistillation.Run(Options("a", seed: 3, steps: 20));
        TeacherDistillation.Run(Options("b", seed: 3, steps: 20));
        TeacherDistillation.Run(Options("c", seed: 4, steps: 20));

        foreach (var file in Directory.GetFiles(Path.Combine(_folder, "a")))
        {
            var name = Path.GetFileName(file);
            var bytes = File.ReadAllBytes(file);
            Assert.That(File.ReadAllBytes(Path.Combine(_folder, "b", name)), Is.EqualTo(bytes), name);
            Assert.That(File.ReadAllBytes(Path.Combine(_folder, "c", name)), Is.Not.EqualTo(bytes), name);
        }
    }

    [Test]
    public void ShouldWriteNothingWhenCancelled()
    {
        using var cancellation = new CancellationTokenSource();

        Assert.That(
            () => TeacherDistillation.Run(Options("a", 1, 1000), _ => cancellation.Cancel(), cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(Directory.GetFiles(Path.Combine(_folder, "a")), Is.Empty);
    }

    [Test]
    public void ShouldSayWhatToSetWhenAnOptionIsOutOfRange()
    {
        Assert.That(() => TeacherDistillation.Run(Options("a", 1, steps: 0)),
            Throws.ArgumentException.With.Message.EqualTo("Steps must be in [1, 10000000]"));
        Assert.That(() => TeacherDistillation.Run(new DistillationOptions { OutputDirectory = " " }),
            Throws.ArgumentException.With.Message.Contains("OutputDirectory"));
        Assert.That(() => TeacherDistillation.Run(
                new DistillationOptions { OutputDirectory = _folder, LearningRate = double.NaN }),
            Throws.ArgumentException.With.Message.Contains("LearningRate"));
    }

    private DistillationOptions Options(string folder, long seed, int steps) => new()
    {
        OutputDirectory = Path.Combine(_folder, folder),
        Seed = seed,
        Steps = steps,
        RoundingSteps = steps / 4,
        BatchSize = 64,
        ValidationContexts = 2_000,
    };
}
