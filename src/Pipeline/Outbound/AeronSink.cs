using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Pipeline.Outbound;

/// <summary>
/// Offers messages to an Aeron publication, with their numbers in the frames' reserved value. Where a connected
/// reader is slow it tries a bounded number of times, then gives the message up; without a reader it is gone at
/// once.
/// </summary>
public sealed class AeronSink : IOutboundSink
{
    private const int MaxAttempts = 100;

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
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var position = _publication.Offer(_buffer, 0, message.Length, _number);
            if (position > 0)
                return true;

            if (position is not (Publication.BACK_PRESSURED or Publication.ADMIN_ACTION))
                return false;
        }

        return false;
    }
}
