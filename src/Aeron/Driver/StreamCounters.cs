using System.Buffers.Binary;
using System.Text.Unicode;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>
/// Allocates the counters of streams and clients, with the keys and labels by which tools know them. A stream's key:
/// <code>
///   0                 8            12          16               20
///   | registration id | session id | stream id | channel length | channel |
/// </code>
/// </summary>
internal sealed class StreamCounters(CountersManager manager)
{
    private const int ChannelOffset = 20;
    private const int NoJoinPosition = -1;
    private const int JoinPositionMaxLength = 22;

    public UnsafeBufferPosition PublisherPosition(in StreamKey key, bool isExclusive) => Allocate(
        isExclusive ? "pub-pos (exclusive)" : "pub-pos (concurrent)", AeronCounters.DriverPublisherPosTypeId, key,
        NoJoinPosition);

    public UnsafeBufferPosition PublisherLimit(in StreamKey key) =>
        Allocate("pub-lmt", AeronCounters.DriverPublisherLimitTypeId, key, NoJoinPosition);

    public UnsafeBufferPosition SubscriberPosition(in StreamKey key, long joinPosition, long publicationId)
    {
        var position = Allocate("sub-pos", AeronCounters.DriverSubscriberPositionTypeId, key, joinPosition);
        manager.SetCounterReferenceId(position.Id, publicationId);
        position.SetRelease(joinPosition);
        return position;
    }

    public AtomicCounter ClientHeartbeat(long clientId, long nowMs)
    {
        Span<byte> key = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(key, clientId);
        var counter = manager.NewCounter(
            $"client-heartbeat: id={clientId}", AeronCounters.DriverHeartbeatTypeId, key, clientId, clientId);
        counter.SetRelease(nowMs);
        return counter;
    }

    private UnsafeBufferPosition Allocate(string name, int typeId, in StreamKey key, long joinPosition)
    {
        Span<byte> bytes = stackalloc byte[CountersDescriptor.MaxKeyLength];
        Utf8.FromUtf16(key.Channel, bytes[ChannelOffset..], out _, out var channelLength);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, key.RegistrationId);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], key.SessionId);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], key.StreamId);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], channelLength);

        var label = $"{name}: {key.RegistrationId} {key.SessionId} {key.StreamId} {key.Channel}";
        if (joinPosition != NoJoinPosition && label.Length < CountersDescriptor.MaxLabelLength - JoinPositionMaxLength)
            label += $" @{joinPosition}";

        var id = manager.Allocate(
            label, typeId, bytes[..(ChannelOffset + channelLength)], key.RegistrationId, key.ClientId);
        return new UnsafeBufferPosition(manager.ValuesBuffer, id, manager);
    }
}

/// <summary>What a stream's counters are named for.</summary>
internal readonly record struct StreamKey(
    long ClientId, long RegistrationId, int SessionId, int StreamId, string Channel);
