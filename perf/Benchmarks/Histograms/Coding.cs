namespace ExecutionPipeline.Benchmarks.Histograms;

/// <summary>A histogram of latencies to bytes, in the compressed form, and back.</summary>
public sealed class Coding
{
    private readonly LongHistogram _histogram;
    private readonly ByteBuffer _buffer;

    /// <summary>Fills the histogram and encodes it once.</summary>
    public Coding(long highestNs, int digits)
    {
        _histogram = new LongHistogram(highestNs, digits);
        foreach (var value in Distributions.Lognormal())
            _histogram.RecordValue(value);
        _buffer = ByteBuffer.Allocate(_histogram.GetNeededByteBufferCapacity());
        Encode();
    }

    /// <summary>Encodes once.</summary>
    public int Encode()
    {
        _buffer.Position = 0;
        return _histogram.EncodeIntoCompressedByteBuffer(_buffer) > 0
            ? 1
            : throw new InvalidOperationException("nothing is encoded");
    }

    /// <summary>Decodes once.</summary>
    /// <exception cref="InvalidOperationException">What is decoded is not what was encoded.</exception>
    public int Decode()
    {
        _buffer.Position = 0;
        var decoded = HistogramEncoding.DecodeFromCompressedByteBuffer(_buffer, 0);
        return decoded.TotalCount == _histogram.TotalCount
            ? 1
            : throw new InvalidOperationException($"{decoded.TotalCount} of {_histogram.TotalCount} decoded");
    }
}
