namespace ExecutionPipeline.HdrHistogram.Utilities;

/// <summary>The checksum at the end of a zlib stream (RFC 1950, section 8.2).</summary>
internal static class Adler32
{
    /// <summary>The checksum of no bytes.</summary>
    internal const uint Initial = 1;

    private const uint Modulus = 65521;

    // As many bytes as can be summed before the second sum passes 32 bits.
    private const int BlockLengthMax = 5552;

    /// <summary>Carries a checksum on over further bytes.</summary>
    internal static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var low = checksum & 0xffff;
        var high = checksum >> 16;
        while (!bytes.IsEmpty)
        {
            var block = bytes[..Math.Min(bytes.Length, BlockLengthMax)];
            foreach (var value in block)
            {
                low += value;
                high += low;
            }

            low %= Modulus;
            high %= Modulus;
            bytes = bytes[block.Length..];
        }

        return (high << 16) | low;
    }
}
