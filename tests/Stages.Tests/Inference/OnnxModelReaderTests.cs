using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Onnx;

namespace ExecutionPipeline.Stages.Tests.Inference;

public sealed class OnnxModelReaderTests
{
    private byte[] _file = [];

    [OneTimeSetUp]
    public void ReadFile() => _file = ShippedModels.Open().ReadVerified(PolicyModels.PositionSizing);

    [Test]
    public void ShouldGiveGraphWhenModelIsShipped()
    {
        var model = OnnxModelReader.Read(_file);

        Assert.That(model.OpsetVersion, Is.EqualTo(17));
        Assert.That(model.Graph.Nodes.Select(static n => n.OpType), Is.EqualTo(new[]
        {
            "Sub", "Div", "Mul",
            "Gemm", "Relu", "LayerNormalization", "Gemm", "Relu", "Gemm", "Relu", "Gemm", "Softmax",
        }));
        Assert.That(model.Graph.Inputs.Single().Shape, Is.EqualTo(new[] { "N", "15" }));
        var weights = model.Graph.Initializers.Single(
            static tensor => tensor.Name == "position_sizing.feature_extractor.0.weight");
        Assert.That(weights.Dims, Is.EqualTo(new long[] { ContextFeatures.Count, 128 }));
        Assert.That(weights.Values, Has.Length.EqualTo(ContextFeatures.Count * 128));
        Assert.That(weights.Values, Has.All.Matches<float>(float.IsFinite));
    }

    [Test]
    public void ShouldRefuseWhenFileIsCutAnywhereInItsGraph()
    {
        // Everything but a few bytes at the end is the graph, so a cut always falls within a field.
        for (var length = 1; length < _file.Length - 16; length += 97)
        {
            var cut = _file[..length];
            Assert.That(() => OnnxModelReader.Read(cut), Throws.TypeOf<OnnxFormatException>(), $"{length} bytes");
        }
    }

    [Test]
    public void ShouldReadOrRefuseWhenBytesAreDamaged()
    {
        var random = TestSeed.NewRandom();
        var refused = 0;
        for (var i = 0; i < 1000; i++)
        {
            var damaged = (byte[])_file.Clone();
            // The front holds the structure; most of the rest is weights, where any bytes will do.
            for (var flips = random.Next(1, 4); flips > 0; flips--) damaged[random.Next(2000)] = (byte)random.Next(256);
            try
            {
                OnnxModelReader.Read(damaged);
            }
            catch (OnnxFormatException)
            {
                refused++;
            }
        }

        Assert.That(refused, Is.GreaterThan(0));
    }

    [TestCase("", "no graph")]
    [TestCase("00", "no valid number")]
    [TestCase("0B", "wire type 3")]
    [TestCase("08FFFFFFFFFFFFFFFFFFFFFF01", "longer than ten bytes")]
    [TestCase("3AFFFFFFFF7F", "out of range")]
    [TestCase("3A05", "ends within a field")]
    [TestCase("3801", "wire type 0 in place of 2")]
    [TestCase("3A010F", "wire type 7 in place of 2")]
    [TestCase("3A092A0708021001420178", "of shape [2] holds 0 values")]
    public void ShouldSayWhatIsWrongWhenBytesAreNoModel(string hex, string message)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.That(() => OnnxModelReader.Read(bytes),
            Throws.TypeOf<OnnxFormatException>().With.Message.Contains(message));
    }
}
