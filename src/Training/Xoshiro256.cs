using System.Numerics;

namespace ExecutionPipeline.Training;

/// <summary>
/// xoshiro256** (Blackman and Vigna, 2018), seeded by SplitMix64: the same numbers for the same seed on every machine
/// and in every version of the framework.
/// </summary>
public struct Xoshiro256
{
    private const double UnitOf53Bits = 1.0 / (1L << 53);
    private ulong _s0, _s1, _s2, _s3;

    /// <param name="seed">Any number.</param>
    /// <param name="stream">Numbers of different streams of one seed have nothing to do with each other.</param>
    public Xoshiro256(long seed, int stream)
    {
        var state = (ulong)seed ^ ((ulong)stream << 32) * 0xD1342543DE82EF95UL;
        _s0 = SplitMix64(ref state);
        _s1 = SplitMix64(ref state);
        _s2 = SplitMix64(ref state);
        _s3 = SplitMix64(ref state);
    }

    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextUnit() => (Next() >> 11) * UnitOf53Bits;

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double NextBetween(double low, double high) => low + (high - low) * NextUnit();

    /// <summary>Uniform in the logarithm; both bounds positive.</summary>
    public double NextLogBetween(double low, double high) => low * Math.Pow(high / low, NextUnit());

    /// <summary>True with the given probability.</summary>
    public bool IsHit(double probability) => NextUnit() < probability;

    private static ulong SplitMix64(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
