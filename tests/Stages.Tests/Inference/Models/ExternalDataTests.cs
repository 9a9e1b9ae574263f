using System.Security.Cryptography;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Stages.Inference.Onnx;

namespace ExecutionPipeline.Stages.Tests.Inference.Models;

/// <summary>Models whose weights are in a file beside them, as exporters of large models write them.</summary>
public sealed class ExternalDataTests
{
    private const string DataFile = "weights.data";
    private string _parent = "";

    [SetUp]
    public void MakeFolder() => _parent = Directory.CreateTempSubdirectory("xp-external-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_parent, recursive: true);

    [Test]
    public void ShouldDecideAsTheShippedModelsDoWhenWeightsAreBeside()
    {
        using var policy = LoadedPolicy.OpenCompiled(ModelDirectory.Open(Write(DataFile)), isSeparate: false);
        using var runtime = LoadedPolicy.OpenOnnxRuntime(
            ModelDirectory.Open(Path.Combine(_parent, "variant-1")), isSeparate: false);
        using var shipped = LoadedPolicy.OpenCompiled(ShippedModels.Open(), isSeparate: false);
        Assert.That((policy.Name, policy.Problem), Is.EqualTo(("compiled", default(string))));

        PolicyOutputs expected = default, found = default;
        var features = PolicyParity.Context(11);
        shipped.Backend.Run(in features, ref expected);
        policy.Backend.Run(in features, ref found);
        Assert.That(((ReadOnlySpan<float>)found).ToArray(), Is.EqualTo(((ReadOnlySpan<float>)expected).ToArray()));
    }

    [TestCase("../weights.data")]
    [TestCase("/etc/hostname")]
    [TestCase("a/../../weights.data")]
    [TestCase("a\0b")]
    [TestCase("")]
    public void ShouldRefuseWhenTheFileIsOutsideTheFolder(string location) =>
        AssertRefused(Write(location), "outside the model's folder");

    [Test]
    public void ShouldNameTheFileWhenItIsMissing()
    {
        var folder = Write(DataFile);
        File.Delete(Path.Combine(folder, DataFile));
        AssertRefused(folder, $"{DataFile}: there is no such file");
    }

    [Test]
    public void ShouldSayWhereWhenTheFileIsCut()
    {
        var folder = Write(DataFile);
        var path = Path.Combine(folder, DataFile);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
        AssertRefused(folder, $"{DataFile}: SHA-256 is ");
        ModelVariants.ChangeMerged(folder, entry => entry with { Data = [DataOf(path)] });
        AssertRefused(folder, "bytes in weights.data, which has");
    }

    [Test]
    public void ShouldHoldTheWeightsWhenTheModelIsAddedToAStore()
    {
        var store = new ModelStore(Path.Combine(_parent, "store"));
        var version = store.Add(Write(DataFile), "test");
        Assert.That(store.Open(version).VerifyAll, Throws.Nothing);
        Assert.That(store.Add(Path.Combine(_parent, "variant-1"), "test"), Is.EqualTo(version));
    }

    [TestCase("file")]
    [TestCase("folder")]
    [TestCase("chain")]
    public void ShouldRefuseWhenALinkLeadsOutsideTheFolder(string kind)
    {
        var folder = Write(kind == "folder" ? "inner/" + DataFile : DataFile);
        var data = Path.Combine(folder, DataFile);
        var outside = Directory.CreateDirectory(Path.Combine(_parent, "outside")).FullName;
        File.Move(data, Path.Combine(outside, DataFile));
        if (kind == "folder")
            Directory.CreateSymbolicLink(Path.Combine(folder, "inner"), outside);
        else if (kind == "file")
            File.CreateSymbolicLink(data, Path.Combine(outside, DataFile));
        else
        {
            File.CreateSymbolicLink(Path.Combine(folder, "second"), Path.Combine(outside, DataFile));
            File.CreateSymbolicLink(data, "second");
        }

        AssertRefused(folder, "it leads outside the model's folder");
    }

    [Test]
    public void ShouldReadWhenALinkStaysInTheFolder()
    {
        var folder = Write(DataFile);
        var data = Path.Combine(folder, DataFile);
        File.Move(data, Path.Combine(folder, "second"));
        File.CreateSymbolicLink(data, "second");
        var linked = Path.Combine(_parent, "linked");
        Directory.CreateSymbolicLink(linked, folder);
        Assert.That(ModelDirectory.Open(linked).VerifyAll, Throws.Nothing);
    }

    [Test]
    public void ShouldRefuseWhenOneBitOfTheWeightsIsFlipped()
    {
        var folder = Write(DataFile);
        var path = Path.Combine(folder, DataFile);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        AssertRefused(folder, $"{DataFile}: SHA-256 is ");
    }

    [Test]
    public void ShouldRefuseWhenTheManifestDoesNotNameTheFile()
    {
        var folder = Write(DataFile);
        ModelVariants.ChangeMerged(folder, static entry => entry with { Data = null });
        AssertRefused(folder, $"'{DataFile}', which the manifest does not name in data");
    }

    [Test]
    public void ShouldBeAnotherVersionWhenOnlyTheWeightsDiffer()
    {
        var folder = Write(DataFile);
        var before = ModelVersion.Of(ModelDirectory.Open(folder).Manifest);
        ModelVariants.ChangeMerged(folder, static entry => entry with
        {
            Data = [new ModelData { File = DataFile, Sha256 = new string('0', 64) }],
        });
        Assert.That(ModelVersion.Of(ModelDirectory.Open(folder).Manifest), Is.Not.EqualTo(before));
    }

    [TestCase("", '0', "no path below the manifest")]
    [TestCase("../a", '0', "no path below the manifest")]
    [TestCase("/a", '0', "no path below the manifest")]
    [TestCase(DataFile, 'A', "sha256 of 'weights.data'")]
    public void ShouldRefuseWhenAnEntryOfDataIsNone(string file, char digit, string problem)
    {
        var folder = Write(DataFile);
        ModelVariants.ChangeMerged(folder, entry => entry with
        {
            Data = [new ModelData { File = file, Sha256 = new string(digit, 64) }],
        });
        AssertRefused(folder, problem);
    }

    private static void AssertRefused(string folder, string problem) => Assert.That(
        () => LoadedPolicy.OpenCompiled(ModelDirectory.Open(folder), isSeparate: false),
        Throws.TypeOf<ModelFileException>().With.Message.Contains(problem));

    private string Write(string location)
    {
        var data = new MemoryStream();
        var folder = ModelVariants.Change(_parent, 1, model => Rewrite(
            model, OnnxFields.Model.Graph, graph => Rewrite(
                graph, OnnxFields.Graph.Initializer, tensor => MoveOut(tensor, data, location))));
        var path = Path.Combine(folder, DataFile);
        File.WriteAllBytes(path, data.ToArray());
        var isInside = location is DataFile or "inner/" + DataFile;
        ModelVariants.ChangeMerged(folder, entry => entry with
        {
            Data = [DataOf(path) with { File = isInside ? location : DataFile }],
        });
        return folder;
    }

    private static ModelData DataOf(string path) => new()
    {
        File = Path.GetFileName(path),
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))),
    };

    private static byte[] MoveOut(byte[] tensor, MemoryStream data, string location)
    {
        var output = new MemoryStream();
        var (offset, length) = (data.Length, 0L);
        var reader = new ProtobufReader(tensor);
        while (reader.TryReadField())
        {
            if (reader.Field == OnnxFields.Tensor.RawData)
            {
                data.Write(reader.ReadBytes());
                length = data.Length - offset;
                continue;
            }

            reader.Skip();
            output.Write(reader.LastField);
        }

        foreach (var (key, value) in new[] { ("location", location), ("offset", $"{offset}"), ("length", $"{length}") })
            output.Write(Field(OnnxFields.Tensor.ExternalData, [.. Field(1, Text(key)), .. Field(2, Text(value))]));

        output.Write([OnnxFields.Tensor.DataLocation << 3, 1]);
        return output.ToArray();
    }

    private static byte[] Rewrite(byte[] message, int field, Func<byte[], byte[]> change)
    {
        var output = new MemoryStream();
        var reader = new ProtobufReader(message);
        while (reader.TryReadField())
        {
            if (reader.Field == field)
            {
                output.Write(Field(field, change(reader.ReadBytes().ToArray())));
                continue;
            }

            reader.Skip();
            output.Write(reader.LastField);
        }

        return output.ToArray();
    }

    private static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    // A length in three bytes of seven bits is enough for any of these messages.
    private static byte[] Field(int number, byte[] content) =>
    [
        (byte)(number << 3 | 2), (byte)(content.Length | 0x80), (byte)(content.Length >> 7 | 0x80),
        (byte)(content.Length >> 14 & 0x7F), .. content,
    ];
}
