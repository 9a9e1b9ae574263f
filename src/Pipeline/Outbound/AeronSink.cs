using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Pipeline.Outbound;

/// <summary>
/// Offers messages to an Aeron publication. Where a connected reader is slow it tries a bounded number of times, then
/// gives the message up; without a reader it is gone at once.
/// </summary>
public sealed class AeronSink : IOutboundSink
{
    private const int MaxAttempts = 100;

    private readonly ExclusivePublication _publication;
    private readonly byte[] _bytes;
    private readonly UnsafeBuffer _buffer;

    public AeronSink(ExclusivePublication publication)
    {
        _publication = publication;
        _bytes = GC.AllocateArray<byte>(Schema.MaxEncodedLength, pinned: true);
        _buffer = new UnsafeBuffer(_bytes);
    }

    public bool TrySend(ReadOnlySpan<byte> message)
    {
        message.CopyTo(_bytes);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var position = _publication.Offer(_buffer, 0, message.Length);
            if (position > 0)
                return true;

            if (position is not (Publication.BACK_PRESSURED or Publication.ADMIN_ACTION))
                return false;
        }

        return false;
    }
}
