namespace ExecutionPipeline.Pipeline.Tests.Support;

/// <summary>Seeds of random tests: printed, and taken from XP_TEST_SEED when that is set.</summary>
internal static class Seeds
{
    public static int Next()
    {
        var given = Environment.GetEnvironmentVariable("XP_TEST_SEED");
        var seed = given is null ? Random.Shared.Next() : int.Parse(given);
        TestContext.Out.WriteLine($"XP_TEST_SEED={seed}");
        return seed;
    }
}
