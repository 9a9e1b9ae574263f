using ExecutionPipeline.Training.Networks;

namespace ExecutionPipeline.Training.Tests;

public sealed class MatrixProductTests
{
    // Around the tile of four rows and two vectors, and the shapes of the actors.
    [Test]
    public void ShouldEqualTripleLoopWhenShapeIsAny(
        [Values(1, 3, 4, 9)] int rows,
        [Values(1, 15, 64)] int depth,
        [Values(1, 2, 5, 8, 17, 32, 37, 128)] int columns,
        [Values] bool isTransposed)
    {
        var random = new Xoshiro256(TestSeed.Next(), 0);
        var a = RandomMatrix.Next(ref random, rows * depth);
        var b = RandomMatrix.Next(ref random, depth * columns);
        var c = RandomMatrix.Next(ref random, rows * columns);
        var (rowStride, depthStride) = isTransposed ? (1, rows) : (depth, 1);
        var expected = Naive(a, rowStride, depthStride, b, c, rows, depth, columns);

        MatrixProduct.Accumulate(a, rowStride, depthStride, b, c, rows, depth, columns);

        Assert.That(c, Is.EqualTo(expected).Within(1e-5f));
    }

    [Test]
    public void ShouldRefuseWhenASpanIsTooShort()
    {
        var six = new float[6];
        var five = new float[5];
        var four = new float[4];
        Assert.That(() => MatrixProduct.Accumulate(five, 3, 1, six, four, 2, 3, 2), Throws.ArgumentException);
        Assert.That(() => MatrixProduct.Accumulate(six, 3, 1, five, four, 2, 3, 2), Throws.ArgumentException);
        Assert.That(() => MatrixProduct.Accumulate(six, 3, 1, six, four.AsSpan(1), 2, 3, 2), Throws.ArgumentException);
        Assert.That(() => MatrixProduct.Accumulate(six, 3, 1, six, four, 2, 3, 2), Throws.Nothing);
    }

    private static float[] Naive(
        float[] a, int rowStride, int depthStride, float[] b, float[] c, int rows, int depth, int columns)
    {
        var result = new float[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                double sum = c[row * columns + column];
                for (var k = 0; k < depth; k++)
                {
                    sum += (double)a[row * rowStride + k * depthStride] * b[k * columns + column];
                }

                result[row * columns + column] = (float)sum;
            }
        }

        return result;
    }
}
