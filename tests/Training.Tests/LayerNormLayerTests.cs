using ExecutionPipeline.Training.Networks;

namespace ExecutionPipeline.Training.Tests;

public sealed class LayerNormLayerTests
{
    private const int Rows = 5;
    private const int Width = 37;

    [Test]
    public void ShouldGiveMeanZeroAndVarianceOneWhenJustInitialized()
    {
        var random = new Xoshiro256(TestSeed.Next(), 0);
        var layer = new LayerNormLayer("norm", Width);
        layer.Initialize();
        var output = Forward(layer, RandomMatrix.Next(ref random, Rows * Width));

        foreach (var row in output.Chunk(Width))
        {
            Assert.That(row.Average(), Is.Zero.Within(1e-5));
            Assert.That(row.Average(static value => value * value), Is.EqualTo(1.0).Within(1e-3));
        }
    }

    [Test]
    public void ShouldEqualFormulaWhenGainAndShiftAreAny()
    {
        var random = new Xoshiro256(TestSeed.Next(), 0);
        var layer = new LayerNormLayer("norm", Width);
        RandomMatrix.Next(ref random, Width).CopyTo(layer.Gain.Values, 0);
        RandomMatrix.Next(ref random, Width).CopyTo(layer.Shift.Values, 0);
        var input = RandomMatrix.Next(ref random, Rows * Width);

        var output = Forward(layer, input);

        for (var row = 0; row < Rows; row++)
        {
            var x = input.AsSpan(row * Width, Width).ToArray().Select(static value => (double)value).ToArray();
            var mean = x.Average();
            var deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + LayerNormLayer.Epsilon);
            for (var i = 0; i < Width; i++)
            {
                var expected = (x[i] - mean) / deviation * layer.Gain.Values[i] + layer.Shift.Values[i];
                Assert.That(output[row * Width + i], Is.EqualTo(expected).Within(1e-5));
            }
        }
    }

    [Test]
    public void ShouldStayFiniteWhenARowIsConstant()
    {
        var layer = new LayerNormLayer("norm", Width);
        layer.Initialize();
        Assert.That(Forward(layer, new float[Rows * Width]), Has.All.EqualTo(0f));
    }

    private static float[] Forward(LayerNormLayer layer, float[] input)
    {
        var output = new float[input.Length];
        layer.Forward(input, new float[input.Length], new float[Rows], output, Rows);
        return output;
    }
}
