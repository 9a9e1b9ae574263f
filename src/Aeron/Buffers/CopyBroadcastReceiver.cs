namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>Receives a broadcast by copying each message out before it is looked at.</summary>
public sealed class CopyBroadcastReceiver
{
    private const int InitialScratchLength = 4096;

    private readonly BroadcastReceiver _receiver;
    private readonly UnsafeBuffer _scratch = new(new byte[InitialScratchLength]);

    /// <summary>Takes the receiver to copy from.</summary>
    public CopyBroadcastReceiver(BroadcastReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        _receiver = receiver;
    }

    /// <summary>Hands the next message over; returns 1, or 0 when there is none.</summary>
    /// <exception cref="InvalidOperationException">
    /// The transmitter overtook this receiver: messages are lost.
    /// </exception>
    public int Receive(MessageHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var lappedCount = _receiver.LappedCount;
        if (!_receiver.TryReceiveNext())
            return 0;

        if (lappedCount != _receiver.LappedCount)
            throw new InvalidOperationException("unable to keep up with the broadcast");

        var length = _receiver.Length;
        if (length < 0 || length > _receiver.Capacity)
            throw new InvalidOperationException($"impossible broadcast message: length={length}");

        if (length > _scratch.Capacity)
            _scratch.Wrap(new byte[length]);

        var msgTypeId = _receiver.TypeId;
        _scratch.PutBytes(0, _receiver.Buffer, _receiver.Offset, length);
        if (!_receiver.IsValid())
            throw new InvalidOperationException("unable to keep up with the broadcast");

        handler(msgTypeId, _scratch, 0, length);
        return 1;
    }
}
