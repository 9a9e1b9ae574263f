using System.Globalization;

namespace ExecutionPipeline.Training.Tests;

/// <summary>
/// Seeds random tests from XP_TEST_SEED, or anew, and prints the seed so that a failure can be repeated.
/// </summary>
internal static class TestSeed
{
    private const string Variable = "XP_TEST_SEED";

    public static long Next()
    {
        var given = Environment.GetEnvironmentVariable(Variable);
        var seed = long.TryParse(given, NumberStyles.Integer, CultureInfo.InvariantCulture, out var parsed)
            ? parsed
            : Environment.TickCount64;
        TestContext.Out.WriteLine($"{Variable}={seed}");
        return seed;
    }
}
