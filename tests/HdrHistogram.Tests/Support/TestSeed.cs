using System.Globalization;

namespace ExecutionPipeline.HdrHistogram.Tests.Support;

/// <summary>The seed of random tests: printed, and taken from the environment to repeat a run.</summary>
internal static class TestSeed
{
    private const string Variable = "XP_TEST_SEED";

    internal static int Next()
    {
        var given = Environment.GetEnvironmentVariable(Variable);
        var seed = string.IsNullOrEmpty(given)
            ? Random.Shared.Next()
            : int.Parse(given, CultureInfo.InvariantCulture);
        TestContext.Out.WriteLine($"{Variable}={seed}");
        return seed;
    }
}
