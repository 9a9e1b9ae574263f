namespace ExecutionPipeline.Quant;

/// <summary>
/// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011): a generator
/// without state. What it gives depends on key and counter alone, so a replay of the same events draws the same.
/// </summary>
public static class Philox
{
    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;

    /// <summary>Four numbers of 32 random bits.</summary>
    /// <param name="key">The seed.</param>
    /// <param name="counter">The draw's number.</param>
    /// <param name="stream">Draws of different streams have nothing to do with each other.</param>
    public static (uint X, uint Y, uint Z, uint W) Draw(ulong key, ulong counter, ulong stream = 0)
    {
        var (x, y, z, w) = ((uint)counter, (uint)(counter >> 32), (uint)stream, (uint)(stream >> 32));
        var (key0, key1) = ((uint)key, (uint)(key >> 32));
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = (ulong)Multiplier0 * x;
            var product1 = (ulong)Multiplier1 * z;
            (x, y, z, w) = (
                (uint)(product1 >> 32) ^ y ^ key0, (uint)product1, (uint)(product0 >> 32) ^ w ^ key1, (uint)product0);
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return (x, y, z, w);
    }

    /// <summary>A number in [0, 1) of 24 random bits.</summary>
    public static float ToUnit(uint bits) => (bits >> 8) * (1f / (1 << 24));
}
