using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Pipeline.Outbound;

/// <summary>
/// Offers messages to an Aeron publication, with their numbers in the frames' reserved value, once each: what a slow
/// reader left no room for is given up, so that it never costs the hot path anything.
/// </summary>
public sealed class AeronSink : IOutboundSink
{
    private readonly ExclusivePublication _publication;
    private readonly byte[] _bytes;
    private readonly UnsafeBuffer _buffer;
    private readonly ReservedValueSupplier _number;
    private long _sequence;

    public AeronSink(ExclusivePublication publication)
    {
        _publication = publication;
        _bytes = GC.AllocateArray<byte>(Schema.MaxEncodedLength, pinned: true);
        _buffer = new UnsafeBuffer(_bytes);
        _number = (_, _, _) => _sequence;
    }

    /// <summary>Without a number, which is 0 then.</summary>
    public bool TrySend(ReadOnlySpan<byte> message) => TrySend(message, 0);

    public bool TrySend(ReadOnlySpan<byte> message, long sequence)
    {
        _sequence = sequence;
        message.CopyTo(_bytes);
        return _publication.TryOffer(_buffer, message.Length, _number);
    }
}
