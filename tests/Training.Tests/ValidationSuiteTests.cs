using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Training.Validation;

namespace ExecutionPipeline.Training.Tests;

public sealed class ValidationSuiteTests
{
    // Latency is not what these tests are about: a busy machine must not fail them.
    private static readonly ValidationOptions Options =
        new() { LatencyRuns = 100, Contexts = 5_000, LatencyMaxNs = 1e9 };

    private static readonly ModelDirectory Models = ModelDirectory.Open(RepositoryFiles.PathOf("models-onnx"));

    [Test]
    public void ShouldPassEveryCheckWhenModelsAreTheShippedOnes()
    {
        using var policy = LoadedPolicy.OpenCompiled(Models, isSeparate: false);
        var checks = Run(policy.Backend, Options);

        Assert.That(checks.Where(static c => !c.IsPassed), Is.Empty);
        Assert.That(checks, Has.Count.EqualTo(8));
        Assert.That(checks[0].Value, Is.Positive);
    }

    [Test]
    public void ShouldFailStabilityAndSafetyWhenOutputsAreNotFinite()
    {
        var checks = Run(new Altered(static (ref PolicyOutputs o) => o[0] = float.NaN), Options);

        Assert.That(Of(checks, "stability").Value, Is.EqualTo(Options.Contexts + PolicyParity.Contexts));
        Assert.That(Of(checks, "stability").IsPassed, Is.False);
        Assert.That(Of(checks, "safety").IsPassed, Is.False);
    }

    [Test]
    public void ShouldFailSafetyAloneWhenAMultipleIsOutOfItsRange()
    {
        var checks = Run(
            new Altered(static (ref PolicyOutputs o) => o[PolicyOutputs.StopLossOffset] = 3.1f), Options);

        Assert.That(Of(checks, "stability").IsPassed, Is.True);
        Assert.That(Of(checks, "safety").IsPassed, Is.False);
        Assert.That(Of(checks, "error of stop").IsPassed, Is.False);
    }

    [Test]
    public void ShouldFailTheGateWhenSizesAreAlwaysTheSame()
    {
        var checks = Run(
            new Altered(static (ref PolicyOutputs o) =>
            {
                ((Span<float>)o)[..PolicyOutputs.SizeCount].Clear();
                o[PolicyOutputs.SizeCount - 1] = 1f;
            }),
            Options);

        Assert.That(Of(checks, "performance gate").IsPassed, Is.False);
        Assert.That(Of(checks, "accuracy of size").IsPassed, Is.False);
        Assert.That(Of(checks, "accuracy of strategy").IsPassed, Is.True);
        Assert.That(Of(checks, "safety").IsPassed, Is.True);
    }

    [Test]
    public void ShouldFailLatencyWhenTheLimitIsBelowWhatCanBe()
    {
        var checks = Run(new RuleBasedPolicy(new RuleBasedPolicyOptions()),
            new ValidationOptions { LatencyRuns = 10, Contexts = 10, LatencyMaxNs = 1e-6 });

        Assert.That(Of(checks, "latency").IsPassed, Is.False);
    }

    [Test]
    public void ShouldNotPassWhenAFigureIsNaN()
    {
        Assert.That(new ValidationCheck("x", double.NaN, 0, IsLeast: true, "").IsPassed, Is.False);
        Assert.That(new ValidationCheck("x", double.NaN, 0, IsLeast: false, "").IsPassed, Is.False);
    }

    [Test]
    public void ShouldSayWhatToSetWhenAnOptionIsOutOfRange() => Assert.That(
        () => Run(new RuleBasedPolicy(new RuleBasedPolicyOptions()), new ValidationOptions { PerformanceGate = 2 }),
        Throws.ArgumentException.With.Message.Contains("PerformanceGate"));

    private static IReadOnlyList<ValidationCheck> Run(IPolicyBackend backend, ValidationOptions options) =>
        ValidationSuite.Run(backend, Models.Manifest.Validation, options);

    private static ValidationCheck Of(IReadOnlyList<ValidationCheck> checks, string name) =>
        checks.Single(c => c.Name.StartsWith(name, StringComparison.Ordinal));

    private delegate void Alteration(ref PolicyOutputs outputs);

    /// <summary>The teacher itself, but for one thing.</summary>
    private sealed class Altered(Alteration alter) : IPolicyBackend
    {
        private readonly RuleBasedPolicy _teacher = new(new RuleBasedPolicyOptions());

        public DecisionSource Source => DecisionSource.OnnxRuntime;

        public void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs)
        {
            _teacher.Run(in features, ref outputs);
            alter(ref outputs);
        }
    }
}
