using System.Text.Json;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Tests.Protocol;

/// <summary>
/// Sends what the golden files' publisher sent, through this project's driver and client, and compares what both leave
/// with what the official ones left.
/// </summary>
public sealed class GoldenReplayTests : StepTestBase
{
    // The sizes of the machine's sockets, which a driver of IPC streams has no business with.
    private const int SocketFieldsOffset = 292;
    private const int SocketFieldsEnd = 316;

    private GoldenFiles _golden = null!;

    [OneTimeSetUp]
    public void Open() => _golden = GoldenFiles.Open();

    [OneTimeTearDown]
    public void Close() => _golden?.Dispose();

    [Test]
    public void ShouldLeaveTheSamePositionsAndMetaDataAsTheOfficialDriver()
    {
        var aeron = ConnectStepped();
        foreach (var stream in _golden.Streams)
        {
            var subscription = aeron.AddSubscription("aeron:ipc", stream.GetProperty("stream_id").GetInt32());
            var publication = AddPublication(aeron, stream);
            Step();
            Replay(publication, subscription, stream);
            Assert.That(publication.RegistrationId, Is.EqualTo(stream.GetProperty("registration_id").GetInt64()));
            CompareMetaData(publication, stream);
        }
    }

    private static Publication AddPublication(ExecutionPipeline.Aeron.Client.Aeron aeron, JsonElement stream)
    {
        var initialTermId = stream.GetProperty("initial_term_id").GetInt32();
        var channel = stream.GetProperty("channel").GetString()
            + $"|session-id={stream.GetProperty("session_id").GetInt32()}"
            + $"|init-term-id={initialTermId}|term-id={initialTermId}|term-offset=0";
        var streamId = stream.GetProperty("stream_id").GetInt32();
        return stream.GetProperty("exclusive").GetBoolean()
            ? aeron.AddExclusivePublication(channel, streamId)
            : aeron.AddPublication(channel, streamId);
    }

    private void Replay(Publication publication, Subscription subscription, JsonElement stream)
    {
        var received = new List<byte[]>();
        var expected = new List<byte[]>();
        var assembler = new FragmentAssembler((IDirectBuffer buffer, int offset, int length, Header _) =>
            received.Add(buffer.AsSpan(offset, length).ToArray()));
        foreach (var message in stream.GetProperty("messages").EnumerateArray())
        {
            var payload = GoldenMessage.Payload(message, stream);
            var position = Send(publication, message, payload, () =>
            {
                subscription.Poll(assembler, 10);
                Step();
            });
            Assert.That(position, Is.EqualTo(message.GetProperty("position_after").GetInt64()));
            if (!message.GetProperty("aborted").GetBoolean())
                expected.Add(payload);
        }

        while (subscription.Poll(assembler, 10) > 0)
            Step();

        Assert.That(received, Is.EqualTo(expected));
        Assert.That(received, Has.Count.EqualTo(stream.GetProperty("messages_received").GetInt32()));
    }

    private static long Send(Publication publication, JsonElement message, byte[] payload, Action poll)
    {
        var isAborted = message.GetProperty("aborted").GetBoolean();
        var reservedValue = message.GetProperty("reserved_value").GetInt64();
        var claim = new BufferClaim();
        var buffer = new UnsafeBuffer(payload);
        for (var attempts = 0; attempts < 1000; attempts++)
        {
            var position = isAborted
                ? publication.TryClaim(payload.Length, claim)
                : publication.Offer(buffer, 0, payload.Length, (_, _, _) => reservedValue);
            if (position > 0)
            {
                if (isAborted)
                    claim.Abort();

                return position;
            }

            if (position != Publication.ADMIN_ACTION)
                poll();
        }

        return 0;
    }

    private void CompareMetaData(Publication publication, JsonElement stream)
    {
        var name = stream.GetProperty("log_file").GetString()!;
        using var theirs = LogBuffers.Open(_golden.PathOf(name));
        using var ours = LogBuffers.Open(Path.Combine(Directory, "publications", name));
        Assert.That(publication.Position, Is.EqualTo(stream.GetProperty("position").GetInt64()));
        var expected = theirs.MetaDataBuffer.AsSpan(0, LogBufferDescriptor.LogMetaDataLength).ToArray();
        expected.AsSpan(SocketFieldsOffset, SocketFieldsEnd - SocketFieldsOffset).Clear();
        Assert.That(
            ours.MetaDataBuffer.AsSpan(0, LogBufferDescriptor.LogMetaDataLength).ToArray(), Is.EqualTo(expected));
    }
}
