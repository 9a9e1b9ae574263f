using System.IO.Compression;

namespace ExecutionPipeline.MarketData.Dbn;

/// <summary>
/// Decompresses gzip of one or more members and knows whether the last of them is whole. <see cref="GZipStream"/>
/// alone checks the sums of what ends, but takes a file that is cut off for one that has ended.
/// </summary>
/// <remarks>
/// At the file's end the decompressor is handed one more member, whose content is known. Only a decompressor that has
/// come to the end of all members before gives back exactly that content. It is never passed on to the reader.
/// </remarks>
public sealed class WholeGzipStream : Stream
{
    private static readonly byte[] ProbeContent = Guid.NewGuid().ToByteArray();
    private static readonly byte[] ProbeMember = Compress(ProbeContent);

    private readonly ProbedSource _source;
    private readonly GZipStream _gzip;
    private bool _hasEnded;

    /// <param name="compressed">The compressed bytes; this stream then owns it.</param>
    public WholeGzipStream(Stream compressed)
    {
        _source = new ProbedSource(compressed);
        _gzip = new GZipStream(_source, CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads decompressed bytes; 0 only at the end of whole data.</summary>
    /// <exception cref="EndOfStreamException">The data are cut off.</exception>
    /// <exception cref="InvalidDataException">The data are damaged, or something that is not gzip follows.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_hasEnded || buffer.IsEmpty)
            return 0;

        var read = _gzip.Read(buffer);
        if (read == 0)
            RequireWholeEnd();

        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _gzip.Dispose();

        base.Dispose(disposing);
    }

    private void RequireWholeEnd()
    {
        _source.Probe();
        if (!HasReturnedTheProbe())
        {
            if (!_source.HasTakenProbe)
                throw new InvalidDataException("something that is not gzip follows the compressed data");

            throw new EndOfStreamException("the compressed data are cut off");
        }

        _hasEnded = true;
    }

    private bool HasReturnedTheProbe()
    {
        Span<byte> content = stackalloc byte[ProbeContent.Length + 1];
        try
        {
            var count = _gzip.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            return content[..count].SequenceEqual(ProbeContent);
        }
        catch (InvalidDataException)
        {
            // The probe made no sense to a decompressor that was in the middle of something else.
            return false;
        }
    }

    private static byte[] Compress(byte[] content)
    {
        using var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.NoCompression))
            gzip.Write(content);

        return member.ToArray();
    }

    /// <summary>The compressed bytes, and once their end has been seen and it was asked for, the probe.</summary>
    private sealed class ProbedSource(Stream compressed) : Stream
    {
        private MemoryStream? _probe;

        public bool HasTakenProbe => _probe?.Position > 0;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Probe() => _probe = new MemoryStream(ProbeMember, writable: false);

        public override int Read(Span<byte> buffer) => _probe?.Read(buffer) ?? compressed.Read(buffer);

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                compressed.Dispose();

            base.Dispose(disposing);
        }
    }
}
