namespace ExecutionPipeline.Training.Tests;

/// <summary>Matrices to calculate with.</summary>
internal static class RandomMatrix
{
    /// <summary>Uniform in [-1, 1).</summary>
    public static float[] Next(ref Xoshiro256 random, int count)
    {
        var values = new float[count];
        foreach (ref var value in values.AsSpan()) value = (float)random.NextBetween(-1.0, 1.0);
        return values;
    }
}
