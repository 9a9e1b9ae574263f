namespace ExecutionPipeline.Cli.Engine;

/// <summary>A stream over an exclusive Aeron publication. The message is built in memory that is never moved.</summary>
public sealed class AeronChannel : IEngineChannel
{
    private const int MaxMessageBytes = 512;

    private readonly ExclusivePublication _publication;
    private readonly byte[] _bytes = GC.AllocateArray<byte>(MaxMessageBytes, pinned: true);
    private readonly UnsafeBuffer _buffer;

    public AeronChannel(ExclusivePublication publication)
    {
        _publication = publication;
        _buffer = new UnsafeBuffer(_bytes);
    }

    public Span<byte> Message => _bytes;

    /// <summary>Somebody subscribes.</summary>
    public bool IsConnected => _publication.IsConnected;

    public SendResult Send(int length)
    {
        var position = _publication.Offer(_buffer, 0, length);
        if (position > 0)
            return SendResult.Sent;

        return position is Publication.BACK_PRESSURED or Publication.ADMIN_ACTION ? SendResult.Busy : SendResult.Gone;
    }
}
