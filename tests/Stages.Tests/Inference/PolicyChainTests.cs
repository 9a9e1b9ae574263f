using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Stages.Tests.Inference.Models;

namespace ExecutionPipeline.Stages.Tests.Inference;

public sealed class PolicyChainTests
{
    private string _folder = "";
    private ModelStore _store = null!;
    private ModelVersion _previous;
    private ModelVersion _current;

    [SetUp]
    public void MakeStore()
    {
        _folder = Directory.CreateTempSubdirectory("xp-chain-").FullName;
        _store = new ModelStore(Path.Combine(_folder, "store"));
        _previous = _store.Add(ShippedModels.Folder, "t");
        _current = _store.Add(ModelVariants.Write(_folder, 1), "t");
        _store.MakeCurrent(_previous);
        _store.MakeCurrent(_current);
    }

    [TearDown]
    public void DeleteStore() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldDecideByTheCurrentModelsWhenTheyAreSound()
    {
        using var policy = OpenStore();
        Assert.That((policy.Version, policy.Problem), Is.EqualTo((_current, default(string))));
        Assert.That(policy.Backend.Source, Is.EqualTo(DecisionSource.Compiled));
    }

    private static IEnumerable<TestCaseData> Damages()
    {
        yield return Of("corrupted", path => Edit(path, FlipOneBit));
        yield return Of("truncated", path => Edit(path, static bytes => bytes[..(bytes.Length / 3)]));
        yield return Of("empty", path => Edit(path, static _ => []));
        yield return Of("missing", path => File.Delete(Path.Combine(path, "execution_policy.onnx")));
        yield return Of("no manifest", path => File.Delete(Path.Combine(path, ModelManifest.FileName)));
        yield return Of("no folder", path => Directory.Delete(path, recursive: true));
        yield return Of("half a manifest", path => File.WriteAllText(Path.Combine(path, ModelManifest.FileName), "{"));
    }

    [TestCaseSource(nameof(Damages))]
    public void ShouldDecideByThePreviousModelsWhenTheCurrentAreDamaged(Action<string> damage)
    {
        damage(FolderOf(_current));

        using var policy = OpenStore();
        Assert.That(policy.Version, Is.EqualTo(_previous));
        Assert.That(policy.Problem, Does.StartWith("the current models: ").And.Not.Contains("\n"));
    }

    [TestCaseSource(nameof(Damages))]
    public void ShouldDecideByTheRulesWhenBothAreDamaged(Action<string> damage)
    {
        damage(FolderOf(_current));
        damage(FolderOf(_previous));

        using var policy = OpenStore();
        Assert.That(policy.Backend.Source, Is.EqualTo(DecisionSource.RuleBased));
        Assert.That(policy.Problem, Does.StartWith("the current models: ").And.Contains("; the previous models: "));
    }

    [Test]
    public void ShouldDecideByTheRulesWhenTheHistoryIsDamagedOrEmpty()
    {
        var file = Path.Combine(_store.Location, "current");
        File.WriteAllText(file, "nonsense");
        using (var policy = OpenStore())
            Assert.That(policy.Problem, Is.EqualTo($"{file}: 'nonsense' is no version (16 hexadecimal digits)"));

        File.WriteAllText(file, "");
        using var second = OpenStore();
        Assert.That((second.Name, second.Problem), Is.EqualTo(("rules", $"{_store.Location}: no version is current")));
    }

    [Test]
    public void ShouldNameTheWeightsWhenAHashedFileHoldsNaN()
    {
        var folder = ModelVariants.Change(_folder, 2, static bytes =>
        {
            var name = "position_sizing.folded.weight"u8;
            var first = bytes.AsSpan().IndexOf(name) + 1;
            bytes.AsSpan(first + bytes.AsSpan(first).IndexOf(name) + 100, 2 * sizeof(float)).Fill(0xFF);
            return bytes;
        });

        using var policy = PolicyChain.Open(folder, static m => LoadedPolicy.OpenOnnxRuntime(m, isSeparate: false));
        Assert.That(policy.Name, Is.EqualTo("rules"));
        Assert.That(policy.Problem, Does.Contain("holds a value that is not finite"));
    }

    [Test]
    public void ShouldNameTheOutputsWhenTheManifestSaysAnotherShape()
    {
        var folder = ModelVariants.Write(_folder, 3);
        var path = Path.Combine(folder, ModelManifest.FileName);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"15\"", "\"16\"", StringComparison.Ordinal));

        using var policy = PolicyChain.Open(folder, static m => LoadedPolicy.OpenCompiled(m, isSeparate: false));
        Assert.That(policy.Problem, Does.Contain("inputs context[N,15], the manifest says context[N,16]"));
    }

    [Test]
    public void ShouldPassOverModelsWhenTheirAnswersAreOutOfBounds()
    {
        var outputs = new float[PolicyOutputs.Count];
        using var policy = PolicyChain.Open(
            _store.Location, _ => new LoadedPolicy(new FixedPolicy(outputs), "fixed", null));

        Assert.That(policy.Name, Is.EqualTo("rules"));
        Assert.That(policy.Problem, Does.Contain("fixed: its outputs for context 0 are out of bounds"));
    }

    [TestCase(0)]
    [TestCase(999)]
    public void ShouldPassOverModelsWhenARunOfTheirsFails(int runs)
    {
        var failing = new ThrowingPolicy(runs);
        using var policy = PolicyChain.Open(
            _store.Location, models => models.Location == FolderOf(_current)
                ? new LoadedPolicy(failing, "failing", null)
                : LoadedPolicy.OpenCompiled(models, isSeparate: false));

        Assert.That(policy.Version, Is.EqualTo(_previous));
        Assert.That(policy.Problem, Is.EqualTo(
            $"the current models: {FolderOf(_current)}: failing: its run on context {runs} failed: no such row"));
        Assert.That(failing.IsDisposed, Is.True);
    }

    private LoadedPolicy OpenStore() =>
        PolicyChain.Open(_store.Location, static models => LoadedPolicy.OpenCompiled(models, isSeparate: false));

    private string FolderOf(ModelVersion version) => Path.Combine(_store.Location, "versions", version.ToString());

    private static TestCaseData Of(string name, Action<string> damage) =>
        new TestCaseData(damage).SetArgDisplayNames(name);

    private static byte[] FlipOneBit(byte[] bytes)
    {
        bytes[bytes.Length / 2] ^= 1;
        return bytes;
    }

    private static void Edit(string folder, Func<byte[], byte[]> edit)
    {
        var path = Path.Combine(folder, "execution_policy.onnx");
        File.WriteAllBytes(path, edit(File.ReadAllBytes(path)));
    }
}
