using System.Globalization;

namespace ExecutionPipeline.Disruptor.Tests.Support;

/// <summary>The seed of a random test: printed, and taken from XP_TEST_SEED to repeat a failure.</summary>
internal static class TestSeed
{
    public static int Next()
    {
        var given = Environment.GetEnvironmentVariable("XP_TEST_SEED");
        var seed = given == null ? Random.Shared.Next() : int.Parse(given, CultureInfo.InvariantCulture);
        TestContext.Out.WriteLine($"XP_TEST_SEED={seed}");
        return seed;
    }
}
