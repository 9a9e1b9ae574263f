namespace ExecutionPipeline.HdrHistogram.Encoding;

/// <summary>
/// The number that an encoded histogram begins with: a base that tells form and version, and in bits 4 to 7 the
/// bytes of a count (V0 and V1).
/// </summary>
internal static class EncodingCookie
{
    internal const int PlainV0 = 0x1c849308;
    internal const int PlainV1 = 0x1c849301;
    internal const int PlainV2 = 0x1c849303;
    internal const int CompressedV0 = 0x1c849309;
    internal const int CompressedV1 = 0x1c849302;
    internal const int CompressedV2 = 0x1c849304;

    internal static int BaseOf(int cookie) => cookie & ~0xf0;

    internal static int WordBytesOf(int cookie) => (cookie >> 4) & 0xe;
}
