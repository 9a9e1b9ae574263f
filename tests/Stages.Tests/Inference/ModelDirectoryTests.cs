using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Stages.Tests.Inference;

public sealed class ModelDirectoryTests
{
    private string _folder = "";

    [SetUp]
    public void CopyModels() => _folder = ShippedModels.CopyTo(Directory.CreateTempSubdirectory("xp-models-").FullName);

    [TearDown]
    public void DeleteCopy() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldVerifyAllWhenModelsAreAsShipped()
    {
        var models = ModelDirectory.Open(_folder);
        Assert.That(models.VerifyAll, Throws.Nothing);
        Assert.That(models.Manifest.Models.Select(static m => m.Name), Is.EquivalentTo(new[]
        {
            PolicyModels.Merged, PolicyModels.PositionSizing, PolicyModels.ExecutionTiming, PolicyModels.RiskManagement,
        }));
        Assert.That(models.Manifest.Origin.Method, Does.Contain("not trained by reinforcement"));
    }

    [Test]
    public void ShouldNameFileWhenOneBitIsFlipped()
    {
        var path = Path.Combine(_folder, "execution_policy.onnx");
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);

        AssertRefused("execution_policy.onnx: SHA-256 is ");
    }

    [Test]
    public void ShouldNameFileWhenItIsTruncated()
    {
        var path = Path.Combine(_folder, "risk_management.onnx");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..1000]);

        AssertRefused("risk_management.onnx: SHA-256 is ");
    }

    [Test]
    public void ShouldNameFileWhenItIsMissing()
    {
        File.Delete(Path.Combine(_folder, "position_sizing.onnx"));
        AssertRefused("position_sizing.onnx");
    }

    [Test]
    public void ShouldNameManifestWhenItIsMissing()
    {
        File.Delete(Path.Combine(_folder, ModelManifest.FileName));
        AssertRefused(ModelManifest.FileName);
    }

    [Test]
    public void ShouldRefuseWhenFolderIsMissing() =>
        Assert.That(() => ModelDirectory.Open(Path.Combine(_folder, "none")), Throws.TypeOf<ModelFileException>());

    [TestCase("\"format\": 1", "\"format\": 2", "format 2 is not 1")]
    [TestCase("\"format\": 1,", "", "format")]
    [TestCase("\"format\": 1,", "\"format\": 1, \"colour\": 3,", "colour")]
    [TestCase("\"format\": 1,", "\"format\": 1, \"format\": 1,", "format")]
    [TestCase("\"opset\": 17", "\"opset\": 18", "operator set 17, the manifest says 18")]
    [TestCase("\"opset\": 17", "\"opset\": \"x\"", "line")]
    [TestCase("\"size_probs\"", "\"sizes\"", "outputs size_probs[N,5]")]
    [TestCase("\"15\"", "\"16\"", "inputs context[N,15], the manifest says context[N,16]")]
    [TestCase("\"execution_policy.onnx\"", "\"../execution_policy.onnx\"", "no plain file name")]
    [TestCase("\"execution_policy.onnx\"", "\"a\\u0000b\"", "no plain file name")]
    [TestCase("\"sha256\": \"", "\"sha256\": \"A", "sha256 of execution_policy")]
    [TestCase("\"weights\": \"bfloat16\"", "\"weights\": \"int8\"", "weights of execution_policy are 'int8'")]
    [TestCase("\"name\": \"position_sizing\"", "\"name\": \"execution_policy\"", "two models named execution_policy")]
    [TestCase("\"models\": [", "\"models\": [null,", "a model is null")]
    public void ShouldSayWhatIsWrongWhenManifestIsChanged(string text, string replacement, string message)
    {
        var path = Path.Combine(_folder, ModelManifest.FileName);
        var json = File.ReadAllText(path);
        Assert.That(json, Does.Contain(text));
        File.WriteAllText(path, json.Replace(text, replacement, StringComparison.Ordinal));

        AssertRefused(message);
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{")]
    [TestCase("\0\0")]
    public void ShouldRefuseWhenManifestIsNone(string json)
    {
        File.WriteAllText(Path.Combine(_folder, ModelManifest.FileName), json);
        AssertRefused(ModelManifest.FileName);
    }

    [Test]
    public void ShouldReadItselfBackWhenWritten()
    {
        var manifest = ModelDirectory.Open(_folder).Manifest;
        Assert.That(ModelManifest.Parse(manifest.ToJson()).ToJson(), Is.EqualTo(manifest.ToJson()));
    }

    [Test]
    public void ShouldRefuseWhenModelIsNotListed() =>
        Assert.That(() => ModelDirectory.Open(_folder).ReadVerified("other"),
            Throws.TypeOf<ModelFileException>().With.Message.Contains("no model named other"));

    private void AssertRefused(string message)
    {
        var refusal = Assert.Throws<ModelFileException>(() => ModelDirectory.Open(_folder).VerifyAll());
        Assert.That(refusal!.Message, Does.Contain(message));
        Assert.That(refusal.Message, Does.Not.Contain("\n"));
    }
}
