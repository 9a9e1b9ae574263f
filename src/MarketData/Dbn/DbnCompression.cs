namespace ExecutionPipeline.MarketData.Dbn;

/// <summary>Tells by a file's first bytes how it is compressed.</summary>
internal static class DbnCompression
{
    private const int MagicSizeBytes = 4;

    /// <summary>The decompressed content.</summary>
    /// <exception cref="DbnFormatException">The compression is one that is not read here.</exception>
    public static Stream Open(Stream stream, string name)
    {
        Span<byte> magic = stackalloc byte[MagicSizeBytes];
        var length = stream.ReadAtLeast(magic, MagicSizeBytes, throwOnEndOfStream: false);
        stream.Seek(-length, SeekOrigin.Current);
        magic = magic[..length];
        if (magic.StartsWith<byte>([0x28, 0xB5, 0x2F, 0xFD]))
            throw new DbnFormatException($"{name}: the file is compressed with zstd; unpack it first: zstd -d {name}");

        return magic.StartsWith<byte>([0x1F, 0x8B]) ? new WholeGzipStream(stream) : stream;
    }
}
