using System.Security.Cryptography;
using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Replay;

/// <summary>
/// A stream that hashes what is written to it, passes it on to a file, and compares it with another file, each where
/// asked for.
/// </summary>
public sealed class OutboundComparison : Stream
{
    private const int BufferBytes = 1 << 16;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly WholeFile? _output;
    private readonly FileStream? _expected;
    private readonly byte[] _other = new byte[BufferBytes];
    private long _length;

    /// <param name="outputFile">What is written goes here too; null: nowhere.</param>
    /// <param name="expectedFile">What is written must be this; null: anything.</param>
    public OutboundComparison(string? outputFile, string? expectedFile)
    {
        _expected = expectedFile is null
            ? null
            : new FileStream(expectedFile, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        try
        {
            _output = outputFile is null ? null : new WholeFile(outputFile);
        }
        catch
        {
            _expected?.Dispose();
            throw;
        }
    }

    /// <summary>The first byte that differs; null: none so far.</summary>
    public long? DifferenceAt { get; private set; }

    /// <summary>SHA-256 of all bytes; known after <see cref="Finish"/>.</summary>
    public string Sha256 { get; private set; } = "";

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _hash.AppendData(buffer);
        _output?.Stream.Write(buffer);
        if (_expected is not null)
            Compare(buffer);
        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void WriteByte(byte value) => Write([value]);

    /// <summary>
    /// Everything has been written: the file takes its place, and what the expected file has beyond it is a difference.
    /// </summary>
    public void Finish()
    {
        Sha256 = Convert.ToHexStringLower(_hash.GetHashAndReset());
        _output?.Complete();
        if (_expected is not null && DifferenceAt is null && _expected.Length > _length)
            DifferenceAt = _length;
    }

    public override void Flush() => _output?.Stream.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            _output?.Dispose();
            _expected?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Compare(ReadOnlySpan<byte> bytes)
    {
        var position = _length;
        while (bytes.Length > 0 && DifferenceAt is null)
        {
            var wanted = Math.Min(bytes.Length, _other.Length);
            var read = _expected!.ReadAtLeast(_other.AsSpan(0, wanted), wanted, throwOnEndOfStream: false);
            var same = bytes.CommonPrefixLength(_other.AsSpan(0, read));
            if (same < wanted)
                DifferenceAt = position + same;
            bytes = bytes[wanted..];
            position += wanted;
        }
    }
}
