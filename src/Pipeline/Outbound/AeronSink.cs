using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Pipeline.Outbound;

/// <summary>
/// Offers messages to an Aeron publication. Where a connected reader is slow it tries a bounded number of times, then
/// gives the message up; without a reader it is gone at once.
/// </summary>
public sealed class AeronSink(ExclusivePublication publication) : IOutboundSink
{
    private const int MaxAttempts = 100;

    private readonly byte[] _bytes = GC.AllocateArray<byte>(Schema.MaxEncodedLength, pinned: true);
    private UnsafeBuffer? _buffer;

    public bool TrySend(ReadOnlySpan<byte> message)
    {
        var buffer = _buffer ??= new UnsafeBuffer(_bytes);
        message.CopyTo(_bytes);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var position = publication.Offer(buffer, 0, message.Length);
            if (position > 0)
                return true;

            if (position is not (Publication.BACK_PRESSURED or Publication.ADMIN_ACTION))
                return false;
        }

        return false;
    }
}
