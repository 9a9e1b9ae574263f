using System.Buffers.Binary;
using System.Text;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Tests.Client;

/// <summary>The bytes of each command, as the official client 1.51 writes them.</summary>
public sealed class DriverProxyTests
{
    private const long ClientId = 0x0102030405060708;
    private const string Channel = "aeron:udp?endpoint=x:1";

    private ManyToOneRingBuffer _ring = null!;
    private DriverProxy _proxy = null!;

    [SetUp]
    public void CreateRing()
    {
        _ring = new ManyToOneRingBuffer(new UnsafeBuffer(new byte[64 * 1024 + RingBufferDescriptor.TrailerLength]));
        _proxy = new DriverProxy(_ring, ClientId, wakeDriver: null);
    }

    [Test]
    public void ShouldEncodeDestinations()
    {
        var destination = Bytes(5L, Channel.Length, Channel);
        Expect(0x07, _proxy.AddDestination(5, Channel), destination);
        Expect(0x08, _proxy.RemoveDestination(5, Channel), destination);
        Expect(0x0C, _proxy.AddRcvDestination(5, Channel), destination);
        Expect(0x0D, _proxy.RemoveRcvDestination(5, Channel), destination);
        Expect(0x11, _proxy.RemoveDestination(5, 6L), Bytes(5L, 6L));
    }

    [Test]
    public void ShouldEncodePublicationsAndSubscriptions()
    {
        Expect(0x01, _proxy.AddPublication(Channel, 7, isExclusive: false), Bytes(7, Channel.Length, Channel));
        Expect(0x03, _proxy.AddPublication(Channel, 7, isExclusive: true), Bytes(7, Channel.Length, Channel));
        Expect(0x02, _proxy.RemovePublication(9, isRevoke: true), Bytes(9L, 1L));
        Expect(0x02, _proxy.RemovePublication(9, isRevoke: false), Bytes(9L, 0L));
        Expect(0x04, _proxy.AddSubscription(Channel, 7), Bytes(-1L, 7, Channel.Length, Channel));
        Expect(0x05, _proxy.RemoveSubscription(9), Bytes(9L));
    }

    [Test]
    public void ShouldEncodeCounters()
    {
        // The label begins at a multiple of 4 bytes after the key.
        Expect(0x09, _proxy.AddCounter(1001, [1, 2, 3], "label"), Bytes(1001, 3, "\u0001\u0002\u0003\0", 5, "label"));
        Expect(
            0x0F, _proxy.AddStaticCounter(1001, [1, 2, 3, 4], "label", 42),
            Bytes(42L, 1001, 4, "\u0001\u0002\u0003\u0004", 5, "label"));
        Expect(0x0A, _proxy.RemoveCounter(9), Bytes(9L));
    }

    [Test]
    public void ShouldEncodeTheRest()
    {
        Expect(0x10, _proxy.RejectImage(9, 4096, "why"), Bytes(9L, 4096L, 3, "why"));
        Expect(0x12, _proxy.NextAvailableSessionId(7), Bytes(7));
    }

    [Test]
    public void ShouldThrowWhenTheRingIsFull() => Assert.That(
        () =>
        {
            for (var i = 0; i < 10_000; i++)
                _proxy.RemoveSubscription(i);
        },
        Throws.TypeOf<AeronException>().With.Message.Contain("full"));

    private static byte[] Bytes(params object[] fields)
    {
        var bytes = new List<byte>();
        Span<byte> field = stackalloc byte[sizeof(long)];
        foreach (var value in fields)
        {
            switch (value)
            {
                case long number:
                    BinaryPrimitives.WriteInt64LittleEndian(field, number);
                    bytes.AddRange(field);
                    break;
                case int number:
                    BinaryPrimitives.WriteInt32LittleEndian(field, number);
                    bytes.AddRange(field[..sizeof(int)]);
                    break;
                default:
                    bytes.AddRange(Encoding.ASCII.GetBytes((string)value));
                    break;
            }
        }

        return [.. bytes];
    }

    private void Expect(int expectedTypeId, long correlationId, byte[] rest)
    {
        var typeId = 0;
        var message = Array.Empty<byte>();
        var count = _ring.Read((msgTypeId, buffer, index, length) =>
        {
            typeId = msgTypeId;
            message = buffer.AsSpan(index, length).ToArray();
        });
        Assert.That(count, Is.EqualTo(1));
        Assert.That(typeId, Is.EqualTo(expectedTypeId));
        Assert.That(message, Is.EqualTo(Bytes(ClientId, correlationId).Concat(rest)));
    }
}
