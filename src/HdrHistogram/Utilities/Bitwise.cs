using System.Numerics;

namespace ExecutionPipeline.HdrHistogram.Utilities;

/// <summary>Bit arithmetic.</summary>
public static class Bitwise
{
    /// <summary>Zero bits above the highest set bit; 64 for 0, 0 for a negative value.</summary>
    public static int NumberOfLeadingZeros(long value) => BitOperations.LeadingZeroCount((ulong)value);
}
