namespace ExecutionPipeline.Simulation;

/// <summary>Draws by a seed and a purpose (SplitMix64): one purpose's draws do not move another's.</summary>
internal sealed class SeededDice
{
    private const ulong Golden = 0x9E37_79B9_7F4A_7C15;
    private ulong _state;

    public SeededDice(ulong seed, ulong purpose)
    {
        _state = seed * 0xD129_0D3B_3C5B_8F6D ^ purpose * Golden;
        Next();
    }

    public ulong Next() => Mix(_state += Golden);

    /// <summary>A number from 0 to below <paramref name="count"/>.</summary>
    public int Below(int count) => (int)(Next() % (ulong)count);

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>True in so many of 10,000 draws.</summary>
    public bool Hits(int basisPoints) => Hits(basisPoints, 10_000);

    /// <summary>True in <paramref name="count"/> of <paramref name="of"/> draws.</summary>
    public bool Hits(int count, int of) => Below(of) < count;

    /// <summary>Folds a number into a hash.</summary>
    public static ulong Fold(ulong hash, ulong value) => Mix(hash ^ value) + Golden;

    /// <summary>Folds bytes into a hash.</summary>
    public static ulong Fold(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var word in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(bytes))
            hash = (hash ^ word) * 0xFF51_AFD7_ED55_8CCD + (hash >> 29);

        return hash;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ z >> 30) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ z >> 27) * 0x94D0_49BB_1331_11EB;
        return z ^ z >> 31;
    }
}
