namespace ExecutionPipeline.Benchmarks.Histograms;

/// <summary>Values to record, the same in each run.</summary>
public static class Distributions
{
    private const int Count = 4096;
    private const int Seed = 1;

    /// <summary>The distributions by name, in nanoseconds.</summary>
    public static IEnumerable<(string Name, long[] Values)> All() =>
    [
        ("constant", [.. Enumerable.Repeat(12_345L, Count)]),
        ("uniform", Uniform()),
        ("lognormal", Lognormal()),
    ];

    /// <summary>Latencies as they come: a median of 10 us, one in a hundred above 64 us.</summary>
    public static long[] Lognormal()
    {
        const double medianNs = 10_000;
        const double spread = 0.8;
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, Count).Select(_ => (long)(medianNs * Math.Exp(spread * Normal(random))))];
    }

    private static long[] Uniform()
    {
        const long highest = 1_000_000;
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, Count).Select(_ => random.NextInt64(1, highest + 1))];
    }

    // Box and Muller's transform.
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
