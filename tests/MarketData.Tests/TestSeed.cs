namespace ExecutionPipeline.MarketData.Tests;

/// <summary>The seed of random tests: printed on each run, and taken from XP_TEST_SEED to repeat one.</summary>
internal static class TestSeed
{
    public static Random NewRandom()
    {
        var text = Environment.GetEnvironmentVariable("XP_TEST_SEED");
        var seed = text is null ? Random.Shared.Next() : int.Parse(text);
        TestContext.Out.WriteLine($"XP_TEST_SEED={seed}");
        return new Random(seed);
    }
}
