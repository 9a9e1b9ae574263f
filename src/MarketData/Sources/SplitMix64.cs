namespace ExecutionPipeline.MarketData.Sources;

/// <summary>
/// A small generator whose sequence is fixed by its definition (Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", 2014), so that a seed means the same in each version of the runtime.
/// </summary>
internal struct SplitMix64
{
    private ulong _state;

    public SplitMix64(ulong seed) => _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextUniform() => (Next() >> 11) * (1.0 / (1ul << 53));

    /// <summary>Exponential with mean 1.</summary>
    public double NextExponential() => -Math.Log(1 - NextUniform());

    /// <summary>Standard normal (Box and Muller, 1958).</summary>
    public double NextNormal() =>
        Math.Sqrt(2 * NextExponential()) * Math.Cos(2 * Math.PI * NextUniform());

    /// <summary>Geometric from 1 upwards with the given mean of at least 1, cut off at 1,000 times the mean.</summary>
    public int NextGeometric(double mean)
    {
        if (mean <= 1)
            return 1;

        // The floor of an exponential with rate -ln(1 - 1/mean) is geometric from 0.
        var scale = -1 / Math.Log(1 - 1 / mean);
        return 1 + (int)Math.Min(NextExponential() * scale, 1_000 * mean);
    }

    /// <summary>True with the given probability.</summary>
    public bool IsNext(double probability) => NextUniform() < probability;
}
