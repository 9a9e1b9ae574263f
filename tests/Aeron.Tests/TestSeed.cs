using System.Globalization;

namespace ExecutionPipeline.Aeron.Tests;

/// <summary>The seed of a random test: printed, and taken from XP_TEST_SEED where that is set.</summary>
internal static class TestSeed
{
    public static Random NewRandom()
    {
        var text = Environment.GetEnvironmentVariable("XP_TEST_SEED");
        var seed = text is null ? Random.Shared.Next() : int.Parse(text, CultureInfo.InvariantCulture);
        TestContext.Out.WriteLine($"XP_TEST_SEED={seed}");
        return new Random(seed);
    }
}
