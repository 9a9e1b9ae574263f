using System.Security.Cryptography;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Stages.Tests.Inference.Compiled;

public sealed class LoadedPolicyTests
{
    [TestCase(false, "compiled")]
    [TestCase(true, "compiled-separate")]
    public void ShouldDecideCompiledWhenItAgrees(bool isSeparate, string name)
    {
        using var policy = LoadedPolicy.OpenCompiled(ShippedModels.Open(), isSeparate);

        Assert.That((policy.Name, policy.Problem), Is.EqualTo((name, default(string))));
        Assert.That(policy.Backend, Is.TypeOf<CompiledPolicy>());
    }

    [Test]
    public void ShouldDecideByOnnxRuntimeAndSayWhyWhenOperatorIsNotCompiled()
    {
        var folder = Directory.CreateTempSubdirectory("xp-models-").FullName;
        try
        {
            ShippedModels.CopyTo(folder);
            WriteWithTanh(folder);

            using var policy = LoadedPolicy.OpenCompiled(ModelDirectory.Open(folder), isSeparate: false);

            Assert.That(policy.Name, Is.EqualTo("onnxruntime"));
            Assert.That(policy.Backend, Is.TypeOf<OnnxRuntimePolicy>());
            Assert.That(policy.Problem, Does.Contain("Tanh '").And.Contain("the operator is not compiled"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestCase(0)]
    [TestCase(5_000)]
    public void ShouldDecideByTheReferenceAndSayWhyWhenARunOfTheCandidateFails(int runs)
    {
        var failing = new ThrowingPolicy(runs);

        using var policy = LoadedPolicy.OpenHeldAgainst(
            LoadedPolicy.Rules(), () => new LoadedPolicy(failing, "failing", null));

        Assert.That(policy.Name, Is.EqualTo("rules"));
        Assert.That(
            policy.Problem,
            Is.EqualTo($"it disagrees with ONNX Runtime: a run on context {runs} failed: no such row"));
        Assert.That(failing.IsDisposed, Is.True);
    }

    [Test]
    public void ShouldDecideByTheReferenceWhenTheCompilerHasAFaultOfItsOwn()
    {
        using var policy = LoadedPolicy.OpenHeldAgainst(
            LoadedPolicy.Rules(), static () => throw new OverflowException("too\nlarge"));

        Assert.That((policy.Name, policy.Problem), Is.EqualTo(("rules", "too large")));
    }

    [Test]
    public void ShouldNameTheFirstDifferenceWhenBackendsDisagree()
    {
        using var reference = OnnxRuntimePolicy.Load(ShippedModels.Open());
        var other = new RuleBasedPolicy(new RuleBasedPolicyOptions());

        Assert.That(PolicyParity.TryMatch(reference, other, out var reason), Is.False);
        Assert.That(reason, Does.Match(@"^context \d+, output \d+: \S+ in place of \S+$"));
    }

    [TestCase(1f + 6e-6f, true)]
    [TestCase(1f - 8e-6f, true)]
    [TestCase(1f + 4e-5f, false)]
    public void ShouldAllowAShareOfTheOutputWhenBackendsAreCompared(float factor, bool isMatch)
    {
        var reference = new FixedPolicy(0.2f, 0.2f, 0.2f, 0.2f, 0.2f, 0.25f, 0.25f, 0.25f, 0.25f, 2.9f, 4.9f);
        var candidate = new FixedPolicy(
            0.2f, 0.2f, 0.2f, 0.2f, 0.2f, 0.25f, 0.25f, 0.25f, 0.25f, 2.9f * factor, 4.9f * factor);

        Assert.That(PolicyParity.TryMatch(reference, candidate, out _), Is.EqualTo(isMatch));
    }

    [Test]
    public void ShouldReachTheEndsAndBeyondWhenContextsAreDrawn()
    {
        var contexts = Enumerable.Range(0, PolicyParity.Contexts).Select(PolicyParity.Context).ToArray();
        for (var i = 0; i < ContextFeatures.Count; i++)
        {
            var feature = i;
            Assert.That(contexts.Min(c => c[feature]), Is.EqualTo(-1e6f));
            Assert.That(contexts.Max(c => c[feature]), Is.EqualTo(1e6f));
            Assert.That(contexts.Count(c => c[feature] == 0f), Is.GreaterThan(100));
        }
    }

    // An operator of the same length, so that nothing else in the file moves.
    private static void WriteWithTanh(string folder)
    {
        var manifest = ShippedModels.Open().Manifest;
        var entry = manifest.Models.Single(static model => model.Name == PolicyModels.Merged);
        var path = Path.Combine(folder, entry.File);
        var bytes = File.ReadAllBytes(path);
        // The operator's name stands behind its field's tag and its length.
        "Tanh"u8.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf("\x22\x04Relu"u8) + 2));
        File.WriteAllBytes(path, bytes);
        var changed = entry with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
        var models = manifest.Models.Select(model => model == entry ? changed : model).ToList();
        File.WriteAllText(Path.Combine(folder, ModelManifest.FileName), (manifest with { Models = models }).ToJson());
    }
}
