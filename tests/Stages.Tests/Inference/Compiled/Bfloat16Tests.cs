using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Compiled;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Stages.Tests.Inference.Compiled;

public sealed class Bfloat16Tests
{
    [TestCase(1f, 1f)]
    [TestCase(-2.5f, -2.5f)]
    [TestCase(1.00390625f, 1f, Description = "half of a step, to the even side below")]
    [TestCase(1.01171875f, 1.015625f, Description = "half of a step, to the even side above")]
    [TestCase(1.004f, 1.0078125f)]
    [TestCase(float.MaxValue, float.PositiveInfinity)]
    [TestCase(float.NaN, float.NaN)]
    public void ShouldBeTheNearestWhenNumberIsRounded(float value, float expected) =>
        Assert.That(Bfloat16.Round(value), Is.EqualTo(expected));

    [Test]
    public void ShouldNeverBeFurtherAwayThanAnotherWhenNumbersAreRandom()
    {
        var random = TestSeed.NewRandom();
        for (var i = 0; i < 100_000; i++)
        {
            var value = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            if (!float.IsFinite(value) || Math.Abs(value) > 3e38f) continue;
            var rounded = Bfloat16.Round(value);
            var error = Math.Abs((double)rounded - value);
            var bits = BitConverter.SingleToInt32Bits(rounded);
            foreach (var step in new[] { -0x10000, 0x10000 })
            {
                var other = BitConverter.Int32BitsToSingle(bits + step);
                if (float.IsFinite(other)) Assert.That(error, Is.LessThanOrEqualTo(Math.Abs((double)other - value)));
            }

            Assert.That(Bfloat16.Holds(rounded));
        }
    }

    [Test]
    public void ShouldRefuseToCompileWhenManifestSaysBfloat16AndAWeightIsNot()
    {
        var models = ShippedModels.Open();
        var merged = models.ReadVerified(PolicyModels.Merged);
        var graph = new GraphBuilder(TestSeed.NewRandom(), 15);
        var dense = graph.Add("Gemm", ["x", graph.Constant(15, 16)]);

        Assert.That(() => CompiledPolicy.Compile([merged], LaneWidth.Bits128, mustBeBfloat16: true), Throws.Nothing);
        Assert.That(
            () => GraphCompiler.Compile(
                [graph.Build(dense)], "x", 15, [new PolicyOutputSlice(dense, 0, 16)], LaneWidth.Bits128, true),
            Throws.TypeOf<UnsupportedGraphException>().With.Message.Contains("its weights are not bfloat16"));
    }

    [Test]
    public void ShouldHoldEveryWeightOfTheShippedModels() =>
        Assert.That(ShippedModels.Open().Manifest.Models.Select(static model => model.Weights),
            Is.All.EqualTo(ModelEntry.Bfloat16Weights));
}
