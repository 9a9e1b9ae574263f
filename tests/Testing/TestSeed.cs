using System.Globalization;

namespace ExecutionPipeline.Testing;

/// <summary>The seed of a random test: printed on each run, and taken from XP_TEST_SEED to repeat one.</summary>
public static class TestSeed
{
    private const string Variable = "XP_TEST_SEED";

    public static int Next()
    {
        var given = Environment.GetEnvironmentVariable(Variable);
        var seed = string.IsNullOrEmpty(given)
            ? Random.Shared.Next()
            : int.Parse(given, CultureInfo.InvariantCulture);
        TestContext.Out.WriteLine($"{Variable}={seed}");
        return seed;
    }

    public static Random NewRandom() => new(Next());
}
