namespace ExecutionPipeline.Stages.Tests;

/// <summary>Seeds random tests from XP_TEST_SEED, or anew, and prints it so that a failure can be repeated.</summary>
internal static class TestSeed
{
    public const string Variable = "XP_TEST_SEED";

    public static Random Create()
    {
        var text = Environment.GetEnvironmentVariable(Variable);
        var seed = int.TryParse(text, out var given) ? given : Random.Shared.Next();
        TestContext.Out.WriteLine($"{Variable}={seed}");
        return new Random(seed);
    }
}
