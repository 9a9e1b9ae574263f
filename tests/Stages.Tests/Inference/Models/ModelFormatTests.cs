using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Stages.Inference.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace ExecutionPipeline.Stages.Tests.Inference.Models;

/// <summary>
/// Which IR versions and operator sets are taken is what the ONNX Runtime that is built in takes: it is asked here, so
/// another one of it that takes more or less fails these tests.
/// </summary>
public sealed class ModelFormatTests
{
    private string _parent = "";

    [SetUp]
    public void MakeFolder() => _parent = Directory.CreateTempSubdirectory("xp-format-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_parent, recursive: true);

    [Test]
    public void ShouldTakeTheIrVersionsThatOnnxRuntimeTakes([Range(1, 20)] int version) =>
        AssertAsOnnxRuntime(WithIrVersion(version), $"IR version {version} is not one of ");

    [Test]
    public void ShouldTakeTheOperatorSetsThatOnnxRuntimeTakes([Range(1, 32)] int version) =>
        AssertAsOnnxRuntime(WithOperatorSet(version), $"operator set {version} is not one of ", version);

    [TestCase(0)]
    [TestCase(99)]
    public void ShouldSayTheSameWhicheverBackendIsAskedFor(int version)
    {
        var models = ModelDirectory.Open(ModelVariants.Change(_parent, 1, WithIrVersion(version)));
        Action[] readers =
        [
            models.VerifyAll,
            () => CompiledPolicy.Load(models),
            () => LoadedPolicy.OpenCompiled(models, isSeparate: false).Dispose(),
            () => LoadedPolicy.OpenOnnxRuntime(models, isSeparate: false).Dispose(),
            () => new ModelStore(Path.Combine(_parent, "store")).Add(Path.Combine(_parent, "variant-1"), "test"),
        ];
        var said = readers.Select(read => Assert.Throws<ModelFileException>(() => read())!.Message).Distinct().ToList();
        Assert.That(said, Has.Count.EqualTo(1));
        Assert.That(said[0], Does.StartWith($"execution_policy.onnx: IR version {version} is not one of "));
    }

    private void AssertAsOnnxRuntime(Func<byte[], byte[]> change, string refusal, int? operatorSet = null)
    {
        var folder = ModelVariants.Change(_parent, 1, change);
        if (operatorSet is { } version)
            ModelVariants.ChangeMerged(folder, entry => entry with { Opset = version });

        var models = ModelDirectory.Open(folder);
        if (IsTakenByOnnxRuntime(File.ReadAllBytes(Path.Combine(folder, "execution_policy.onnx"))))
            Assert.That(() => models.ReadVerified(PolicyModels.Merged), Throws.Nothing);
        else
            Assert.That(
                () => models.ReadVerified(PolicyModels.Merged),
                Throws.TypeOf<ModelFileException>().With.Message.Contains(refusal));
    }

    private static bool IsTakenByOnnxRuntime(byte[] model)
    {
        try
        {
            new InferenceSession(model).Dispose();
            return true;
        }
        catch (OnnxRuntimeException)
        {
            return false;
        }
    }

    // The last of several values of one field counts.
    private static Func<byte[], byte[]> WithIrVersion(int version) =>
        model => [.. model, OnnxFields.Model.IrVersion << 3, (byte)version];

    private static Func<byte[], byte[]> WithOperatorSet(int version) => model =>
    {
        var output = new MemoryStream();
        var reader = new ProtobufReader(model);
        while (reader.TryReadField())
        {
            var field = reader.Field;
            reader.Skip();
            if (field != OnnxFields.Model.OpsetImport)
                output.Write(reader.LastField);
        }

        byte[] set = [OnnxFields.OperatorSet.Version << 3, (byte)version];
        output.Write([OnnxFields.Model.OpsetImport << 3 | 2, (byte)set.Length, .. set]);
        return output.ToArray();
    };
}
