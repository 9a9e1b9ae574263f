using System.IO.Compression;
using ZstdSharp;

namespace ExecutionPipeline.MarketData.Dbn;

/// <summary>A market data file is not what it should be. The message is one line: which file, where, what.</summary>
public sealed class MarketDataException : Exception
{
    public MarketDataException(string message) : base(message)
    {
    }

    public MarketDataException(string message, Exception innerException) : base(message, innerException)
    {
    }
}

/// <summary>
/// A file as it is after decompression. How it is compressed is seen from its first bytes: gzip of any number of
/// members, zstd of any number of frames, the one file of a zip archive, or not at all. The end of whole data is told
/// from data that are cut off.
/// </summary>
public sealed class CompressedFile : IDisposable
{
    private const int MagicSizeBytes = 4;

    private readonly Stream _stream;
    private readonly string _name;
    private readonly ZipArchive? _archive;

    /// <param name="stream">A stream that can seek; it is then owned.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="MarketDataException">It is a zip archive that is damaged or has not just one file.</exception>
    public CompressedFile(Stream stream, string name)
    {
        _name = name;
        (_stream, _archive) = Open(stream);
    }

    /// <summary>What the file has after decompression, for readers that take a stream.</summary>
    internal Stream Content => _stream;

    /// <summary>The name of the one file of a zip archive; null: it is none.</summary>
    internal string? EntryName => _archive?.Entries.Single(IsFile).Name;

    /// <summary>Opens a file on disk.</summary>
    /// <exception cref="MarketDataException">It is a pipe.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CompressedFile Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (file.CanSeek)
            return new CompressedFile(file, Path.GetFileName(path));

        file.Dispose();
        throw new MarketDataException($"{path}: market data are read from a file, not from a pipe");
    }

    /// <summary>Reads bytes; 0 only at the end of whole data.</summary>
    /// <param name="buffer">Where they go.</param>
    /// <param name="offset">Bytes read before, for the message.</param>
    /// <exception cref="MarketDataException">The compressed data are cut off or damaged.</exception>
    public int Read(Span<byte> buffer, long offset)
    {
        try
        {
            return _stream.Read(buffer);
        }
        catch (EndOfStreamException e)
        {
            throw new MarketDataException($"{_name}: the compressed data are cut off after byte {offset}.", e);
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException)
        {
            throw new MarketDataException($"{_name}: the compressed data are damaged near byte {offset}.", e);
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _archive?.Dispose();
    }

    private (Stream, ZipArchive?) Open(Stream stream)
    {
        Span<byte> magic = stackalloc byte[MagicSizeBytes];
        var length = stream.ReadAtLeast(magic, MagicSizeBytes, throwOnEndOfStream: false);
        stream.Seek(-length, SeekOrigin.Current);
        magic = magic[..length];
        if (magic.StartsWith<byte>([0x28, 0xB5, 0x2F, 0xFD]))
            return (new DecompressionStream(stream, checkEndOfStream: true, leaveOpen: false), null);
        if (magic.StartsWith("PK"u8))
            return OpenArchive(stream);

        return (magic.StartsWith<byte>([0x1F, 0x8B]) ? new WholeGzipStream(stream) : stream, null);
    }

    private static bool IsFile(ZipArchiveEntry entry) => entry.Name.Length > 0;

    private (Stream, ZipArchive) OpenArchive(Stream stream)
    {
        try
        {
            var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            var files = archive.Entries.Where(IsFile).ToArray();
            return files is [var file]
                ? (file.Open(), archive)
                : throw new MarketDataException($"{_name}: the archive has {files.Length} files; one is needed.");
        }
        catch (InvalidDataException e)
        {
            throw new MarketDataException($"{_name}: the archive is cut off or damaged.", e);
        }
    }
}
