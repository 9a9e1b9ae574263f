using System.Runtime.CompilerServices;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using static ExecutionPipeline.Aeron.Protocol.DataHeaderFlyweight;
using static ExecutionPipeline.Aeron.Protocol.FrameDescriptor;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// Sends messages to the subscribers of a stream. Offers return the stream's new position, or one of the negative
/// results below, and never wait.
/// </summary>
public abstract class Publication : IDisposable
{
    /// <summary>There is no subscriber.</summary>
    public const long NOT_CONNECTED = -1;

    /// <summary>Some subscriber is a whole window behind: try again.</summary>
    public const long BACK_PRESSURED = -2;

    /// <summary>The log moved on to its next term: try again at once.</summary>
    public const long ADMIN_ACTION = -3;

    /// <summary>The publication has been closed.</summary>
    public const long CLOSED = -4;

    /// <summary>The stream has reached the last position it can have. A new publication starts afresh.</summary>
    public const long MAX_POSITION_EXCEEDED = -5;

    private readonly ClientConductor _conductor;
    private readonly UnsafeBufferPosition _positionLimit;
    private readonly ILocalStream? _localStream;
    private volatile bool _isClosed;

    private protected Publication(
        ClientConductor conductor,
        string channel,
        in PublicationKey key,
        UnsafeBufferPosition positionLimit,
        LogBuffers log)
    {
        _conductor = conductor;
        _positionLimit = positionLimit;
        _localStream = LocalStreams.Find(log.FileName);
        _localStream?.Attach();
        Channel = channel;
        StreamId = key.StreamId;
        SessionId = key.SessionId;
        OriginalRegistrationId = key.OriginalRegistrationId;
        RegistrationId = key.RegistrationId;
        ChannelStatusId = key.ChannelStatusId;
        LogBuffers = log;
        TermBuffers = log.TermBuffers;
        MetaData = log.MetaDataBuffer;
        TermBufferLength = log.TermLength;
        PositionBitsToShift = LogBufferDescriptor.PositionBitsToShift(TermBufferLength);
        InitialTermId = LogBufferDescriptor.InitialTermId(MetaData);
        MaxPossiblePosition = (long)TermBufferLength << 31;
        MaxPayloadLength = LogBufferDescriptor.MtuLength(MetaData) - DataHeaderFlyweight.HEADER_LENGTH;
        MaxMessageLength = FrameDescriptor.ComputeMaxMessageLength(TermBufferLength);
        HeaderWriter = new HeaderWriter(MetaData);
    }

    /// <summary>The channel, as it was asked for.</summary>
    public string Channel { get; }

    /// <summary>The stream.</summary>
    public int StreamId { get; }

    /// <summary>The session, which tells the stream's publications apart.</summary>
    public int SessionId { get; }

    /// <summary>The stream's first term.</summary>
    public int InitialTermId { get; }

    /// <summary>Bytes of a term.</summary>
    public int TermBufferLength { get; }

    /// <summary>The binary logarithm of the term length.</summary>
    public int PositionBitsToShift { get; }

    /// <summary>The last position that the stream can have.</summary>
    public long MaxPossiblePosition { get; }

    /// <summary>The longest message that one frame holds, in bytes; the longest that can be claimed.</summary>
    public int MaxPayloadLength { get; }

    /// <summary>The longest message that can be offered, in bytes.</summary>
    public int MaxMessageLength { get; }

    /// <summary>The registration of the publication itself, which several uses of it share.</summary>
    public long OriginalRegistrationId { get; }

    /// <summary>The registration of this use of the publication.</summary>
    public long RegistrationId { get; }

    /// <summary>True when this use is the one that created the publication.</summary>
    public bool IsOriginal => OriginalRegistrationId == RegistrationId;

    /// <summary>The counter of the channel's status, -1 for none.</summary>
    public int ChannelStatusId { get; }

    /// <summary>The channel's status: 1 while it works, as a channel without a network always does.</summary>
    public long ChannelStatus =>
        _isClosed ? ChannelEndpointStatus.NO_ID_ALLOCATED : _conductor.ChannelStatus(ChannelStatusId);

    /// <summary>The counter of up to where may be written.</summary>
    public int PositionLimitId => _positionLimit.Id;

    /// <summary>True once closed, by the application, or because the driver has gone.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>True while there is a subscriber.</summary>
    public bool IsConnected => !_isClosed && LogBufferDescriptor.IsConnected(MetaData);

    /// <summary>Up to where has been written, or <see cref="CLOSED"/>.</summary>
    public abstract long Position { get; }

    /// <summary>Up to where may be written, or <see cref="CLOSED"/>.</summary>
    public long PositionLimit => _isClosed ? CLOSED : _positionLimit.GetVolatile();

    /// <summary>Bytes that may be written now, or <see cref="CLOSED"/>.</summary>
    public long AvailableWindow
    {
        get
        {
            var position = Position;
            if (position < 0)
                return CLOSED;

            if (position >= LimitVolatile())
                TryMoveLimit(position);

            return LimitVolatile() - position;
        }
    }

    internal LogBuffers LogBuffers { get; }

    internal bool IsRevokedOnClose { get; private protected set; }

    private protected UnsafeBuffer[] TermBuffers { get; }

    private protected UnsafeBuffer MetaData { get; }

    private protected HeaderWriter HeaderWriter { get; }

    /// <summary>Offers a whole buffer as a message.</summary>
    public long Offer(UnsafeBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return Offer(buffer, 0, buffer.Capacity);
    }

    /// <summary>Offers a message. One that is longer than <see cref="MaxPayloadLength"/> goes in fragments.</summary>
    public long Offer(
        IDirectBuffer buffer, int offset, int length, ReservedValueSupplier? reservedValueSupplier = null) =>
        Append(new SingleSource(buffer, offset), length, reservedValueSupplier);

    /// <summary>Offers a message that lies in two buffers.</summary>
    public long Offer(
        IDirectBuffer bufferOne,
        int offsetOne,
        int lengthOne,
        IDirectBuffer bufferTwo,
        int offsetTwo,
        int lengthTwo,
        ReservedValueSupplier? reservedValueSupplier = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lengthOne);
        ArgumentOutOfRangeException.ThrowIfNegative(lengthTwo);
        var source = new PairSource(bufferOne, offsetOne, lengthOne, bufferTwo, offsetTwo);
        return Append(source, checked(lengthOne + lengthTwo), reservedValueSupplier);
    }

    /// <summary>Offers a message that lies in any number of buffers.</summary>
    public long Offer(DirectBufferVector[] vectors, ReservedValueSupplier? reservedValueSupplier = null)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        var length = 0;
        foreach (var vector in vectors)
            length = checked(length + vector.Length);

        return Append(new VectorSource(vectors), length, reservedValueSupplier);
    }

    /// <summary>
    /// Claims room in the log for a message of at most <see cref="MaxPayloadLength"/> bytes, to be written in place. A
    /// positive result means that <paramref name="bufferClaim"/> must be committed or aborted.
    /// </summary>
    public long TryClaim(int length, BufferClaim bufferClaim)
    {
        CheckPayloadLength(length);
        var position = Claim(length, RequiredLength(length), out var room);
        if (position <= 0)
            return position;

        var frameLength = length + DataHeaderFlyweight.HEADER_LENGTH;
        HeaderWriter.Write(room.TermBuffer, room.TermOffset, frameLength, room.TermId);
        bufferClaim.Wrap(room.TermBuffer, room.TermOffset, frameLength);
        return position;
    }

    /// <summary>What a negative result means.</summary>
    public static string ErrorString(long position) => position switch
    {
        MAX_POSITION_EXCEEDED => "MAX_POSITION_EXCEEDED",
        CLOSED => "CLOSED",
        ADMIN_ACTION => "ADMIN_ACTION",
        BACK_PRESSURED => "BACK_PRESSURED",
        NOT_CONNECTED => "NOT_CONNECTED",
        < 0 => "UNKNOWN",
        _ => "NONE",
    };

    /// <summary>Closes this use of the publication. Subscribers read what was sent up to now.</summary>
    public void Dispose()
    {
        _conductor.RemovePublication(RegistrationId);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Publication{{originalRegistrationId={OriginalRegistrationId}, registrationId={RegistrationId}, "
        + $"isClosed={IsClosed}, isConnected={IsConnected}, initialTermId={InitialTermId}, "
        + $"termBufferLength={TermBufferLength}, sessionId={SessionId}, streamId={StreamId}, "
        + $"channel='{Channel}', position={Position}}}";

    internal void InternalClose()
    {
        _isClosed = true;
        _localStream?.Detach();
    }

    /// <summary>Takes room in the log; returns the position after it, or why there is none.</summary>
    private protected abstract long Claim(int length, int requiredLength, out ClaimedRoom room);

    /// <summary>The limit, acquired so that what the driver cleaned up to there is seen as clean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected long LimitVolatile() => _positionLimit.GetVolatile();

    /// <summary>True when the driver is of this process, and could move the limit beyond a position at once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected bool TryMoveLimit(long position)
    {
        if (_localStream is null)
            return false;

        _localStream.MoveLimit();
        return position < LimitVolatile();
    }

    /// <summary>
    /// Bytes in the log of a message, however many fragments it takes. Throws for an impossible length.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int RequiredLength(int length)
    {
        if ((uint)length <= (uint)MaxPayloadLength)
            return BitUtil.Align(length + HEADER_LENGTH, FrameAlignment);

        if ((uint)length > (uint)MaxMessageLength)
            ThrowImpossibleLength(length, MaxMessageLength, "message");

        return LogBufferDescriptor.ComputeFragmentedFrameLength(length, MaxPayloadLength);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckPayloadLength(int length)
    {
        if ((uint)length > (uint)MaxPayloadLength)
            ThrowImpossibleLength(length, MaxPayloadLength, "claim");
    }

    private long Append<TSource>(TSource source, int length, ReservedValueSupplier? supplier)
        where TSource : struct, IMessageSource
    {
        var position = Claim(length, RequiredLength(length), out var room);
        if (position > 0)
            WriteMessage(room, source, length, supplier);

        return position;
    }

    /// <summary>Writes a message into room that is this writer's alone.</summary>
    private void WriteMessage<TSource>(
        in ClaimedRoom room, TSource source, int length, ReservedValueSupplier? supplier)
        where TSource : struct, IMessageSource
    {
        if (length > MaxPayloadLength)
        {
            WriteFragments(room, source, length, supplier);
            return;
        }

        var frameLength = length + HEADER_LENGTH;
        HeaderWriter.Write(room.TermBuffer, room.TermOffset, frameLength, room.TermId);
        source.CopyTo(room.TermBuffer, room.TermOffset + HEADER_LENGTH, 0, length);
        if (supplier is not null)
            WriteReservedValue(room.TermBuffer, room.TermOffset, frameLength, supplier);

        // Releases the frame: pairs with the subscriber's acquiring read of its length.
        FrameLengthOrdered(room.TermBuffer, room.TermOffset, frameLength);
    }

    /// <summary>Fills room that is this writer's alone, if any, with a frame that readers skip.</summary>
    private protected void WritePadding(UnsafeBuffer termBuffer, int termOffset, int termId, int paddingLength)
    {
        if (paddingLength <= 0)
            return;

        HeaderWriter.Write(termBuffer, termOffset, paddingLength, termId);
        FrameType(termBuffer, termOffset, HeaderFlyweight.HeaderTypePad);
        FrameLengthOrdered(termBuffer, termOffset, paddingLength);
    }

    /// <summary>Why a message cannot go now, its limit being reached.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected long BackPressureStatus(long position, int length)
    {
        if (position + BitUtil.Align(length + HEADER_LENGTH, FrameAlignment) >= MaxPossiblePosition)
            return MAX_POSITION_EXCEEDED;

        return LogBufferDescriptor.IsConnected(MetaData) ? BACK_PRESSURED : NOT_CONNECTED;
    }

    private void WriteFragments<TSource>(
        in ClaimedRoom room, TSource source, int length, ReservedValueSupplier? supplier)
        where TSource : struct, IMessageSource
    {
        var offset = room.TermOffset;
        for (var sent = 0; sent < length;)
        {
            var count = Math.Min(length - sent, MaxPayloadLength);
            var frameLength = count + HEADER_LENGTH;
            var first = sent == 0 ? BeginFragFlag : 0;
            var last = sent + count == length ? EndFragFlag : 0;
            HeaderWriter.Write(room.TermBuffer, offset, frameLength, room.TermId);
            source.CopyTo(room.TermBuffer, offset + HEADER_LENGTH, sent, count);
            FrameFlags(room.TermBuffer, offset, (byte)(first | last));
            if (supplier is not null)
                WriteReservedValue(room.TermBuffer, offset, frameLength, supplier);

            FrameLengthOrdered(room.TermBuffer, offset, frameLength);
            sent += count;
            offset += BitUtil.Align(frameLength, FrameAlignment);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WriteReservedValue(
        UnsafeBuffer termBuffer, int termOffset, int frameLength, ReservedValueSupplier supplier) =>
        termBuffer.PutLong(termOffset + ReservedValueOffset, supplier(termBuffer, termOffset, frameLength));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowImpossibleLength(int length, int maximum, string what) =>
        throw new ArgumentException($"{what} of {length} bytes is outside 0 to {maximum}");

    /// <summary>Adds a destination and waits until the driver has.</summary>
    /// <exception cref="RegistrationException">The driver refused; the message says why.</exception>
    public void AddDestination(string endpointChannel) =>
        OpenConductor().Execute(driver => driver.AddDestination(OriginalRegistrationId, endpointChannel));

    /// <summary>Removes a destination and waits until the driver has.</summary>
    /// <exception cref="RegistrationException">The driver refused; the message says why.</exception>
    public void RemoveDestination(string endpointChannel) =>
        OpenConductor().Execute(driver => driver.RemoveDestination(OriginalRegistrationId, endpointChannel));

    /// <summary>Removes a destination by the number that adding it returned, and waits until the driver has.</summary>
    /// <exception cref="RegistrationException">The driver refused; the message says why.</exception>
    public void RemoveDestination(long registrationId) =>
        OpenConductor().Execute(driver => driver.RemoveDestination(OriginalRegistrationId, registrationId));

    /// <summary>
    /// Adds a destination without waiting. Returns its number: <see cref="Aeron.IsCommandActive"/> is false for it
    /// once the driver has answered, and the error handler gets a refusal.
    /// </summary>
    public long AsyncAddDestination(string endpointChannel) =>
        OpenConductor().ExecuteAsync(driver => driver.AddDestination(RegistrationId, endpointChannel));

    /// <summary>Removes a destination without waiting; returns the command's number.</summary>
    public long AsyncRemoveDestination(string endpointChannel) =>
        OpenConductor().ExecuteAsync(driver => driver.RemoveDestination(RegistrationId, endpointChannel));

    /// <summary>Removes a destination by its number without waiting; returns the command's number.</summary>
    public long AsyncRemoveDestination(long destinationRegistrationId) =>
        OpenConductor().ExecuteAsync(driver => driver.RemoveDestination(RegistrationId, destinationRegistrationId));

    /// <summary>The addresses that the channel's sockets have; none for a channel within a machine.</summary>
    public List<string> LocalSocketAddresses() =>
        LocalSocketAddressStatus.FindAddresses(_conductor.CountersReader, ChannelStatus, ChannelStatusId);

    private ClientConductor OpenConductor() =>
        _isClosed ? throw new AeronException("Publication is closed") : _conductor;
}
