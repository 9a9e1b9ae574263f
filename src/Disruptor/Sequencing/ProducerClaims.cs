using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Disruptor;

/// <summary>How far a single producer has claimed and may claim, on a line that only it writes.</summary>
[StructLayout(LayoutKind.Explicit)]
internal sealed class ProducerClaims
{
    /// <summary>Claims of nobody: nothing may be claimed here. Shared, and never written.</summary>
    public static readonly ProducerClaims None = new();

    /// <summary>The highest claimed sequence.</summary>
    [FieldOffset(CacheLayout.FieldPaddingBytes)]
    public long Claimed;

    /// <summary>The highest sequence that may be claimed without looking at the consumers again.</summary>
    [FieldOffset(CacheLayout.FieldPaddingBytes + sizeof(long))]
    public long Limit = long.MinValue;

    // The runtime cuts a class off after its last field, whatever size is declared.
#pragma warning disable CS0169, IDE0051
    [FieldOffset(2 * CacheLayout.FieldPaddingBytes + sizeof(long))]
    private readonly long _lastPaddingWord;
#pragma warning restore CS0169, IDE0051

    /// <summary>Claims <paramref name="n"/> events if they are known to fit.</summary>
    /// <returns>False when the consumers must be looked at first; nothing is claimed then.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryClaim(int n, out long sequence)
    {
        sequence = Claimed + n;
        if (sequence > Limit)
            return false;

        Claimed = sequence;
        return true;
    }
}
