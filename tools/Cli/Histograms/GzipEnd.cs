using System.IO.Compression;
using System.Security.Cryptography;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>
/// Whether a gzip file has its end. The framework's stream takes a file that was cut off for a whole one: it gives what
/// there is and says nothing. So the file is read with one more member behind it: that member is found as such only
/// where the ones before it have ended.
/// </summary>
internal static class GzipEnd
{
    private const int MarkBytes = 16;

    /// <summary>Reads the file to its end, and puts it back to its beginning.</summary>
    /// <returns>False where it was cut off or is damaged.</returns>
    public static bool IsThere(FileStream file)
    {
        var mark = RandomNumberGenerator.GetBytes(MarkBytes);
        file.Position = 0;
        try
        {
            using var gzip = new GZipStream(new Followed(file, MemberOf(mark)), CompressionMode.Decompress);
            return mark.AsSpan().SequenceEqual(LastBytesOf(gzip));
        }
        catch (InvalidDataException)
        {
            return false;
        }
        finally
        {
            file.Position = 0;
        }
    }

    private static byte[] MemberOf(byte[] content)
    {
        using var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.NoCompression))
            gzip.Write(content);
        return member.ToArray();
    }

    private static ReadOnlySpan<byte> LastBytesOf(Stream stream)
    {
        var block = new byte[1 << 16];
        var kept = 0;
        for (int read; (read = stream.Read(block, kept, block.Length - kept)) > 0;)
        {
            var end = kept + read;
            kept = Math.Min(MarkBytes, end);
            block.AsSpan(end - kept, kept).CopyTo(block);
        }

        return block.AsSpan(0, kept);
    }

    /// <summary>
    /// A file and the bytes behind it. The file's last bytes and those come in one piece, since the decompressor looks
    /// for a next member only in the piece in which one ends.
    /// </summary>
    private sealed class Followed(FileStream file, byte[] behind) : Stream
    {
        private bool _isDone;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var left = file.Length - file.Position;
            if (_isDone)
                return 0;

            if (left + behind.Length > buffer.Length)
                return file.Read(buffer[..(int)Math.Min(buffer.Length, (left + 1) / 2)]);

            file.ReadExactly(buffer[..(int)left]);
            behind.CopyTo(buffer[(int)left..]);
            _isDone = true;
            return (int)left + behind.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
