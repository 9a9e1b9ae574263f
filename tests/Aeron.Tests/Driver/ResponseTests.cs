using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Aeron.Tests.Driver;

/// <summary>Streams of responses, each of which reaches the client alone that sent the requests.</summary>
public sealed class ResponseTests : StepTestBase
{
    private const int ResponseStreamId = StreamId + 1;
    private const string Requests = "aeron:ipc?term-length=64k";

    [TestCase(true)]
    [TestCase(false)]
    public void ShouldAnswerEachClientOnAStreamOfItsOwn(bool isExclusive)
    {
        var server = ConnectStepped();
        var requests = server.AddSubscription(Requests, StreamId);
        var clients = new[] { Ask(ConnectStepped(), isExclusive), Ask(ConnectStepped(), isExclusive) };
        Step();
        Assert.That(requests.ImageCount, Is.EqualTo(2), "shared publications of different askers are not shared");

        for (var i = 0; i < clients.Length; i++)
        {
            Send(clients[i].Requests, i);
            Assert.That(Receive(requests), Is.EqualTo(new[] { i }));
            Assert.That(clients[i].Responses.IsConnected, Is.False, "nobody has answered yet");
            var image = requests.Images.Single(candidate => candidate.SessionId == clients[i].Requests.SessionId);
            var channel = $"{Requests}|control-mode=response|response-correlation-id={image.CorrelationId}";
            var answers = Add(server, channel, ResponseStreamId, isExclusive);
            Step();
            Send(answers, 10 + i);
        }

        Assert.That(Receive(clients[0].Responses), Is.EqualTo(new[] { 10 }));
        Assert.That(Receive(clients[1].Responses), Is.EqualTo(new[] { 11 }));
    }

    [Test]
    public void ShouldMarkTheLogsWhenTheyAreRequestsOrResponses()
    {
        var client = ConnectStepped();
        var server = ConnectStepped();
        var requests = server.AddSubscription(Requests, StreamId);
        var asked = Ask(client, isExclusive: true);
        Step();
        var answers = server.AddPublication(
            $"{Requests}|control-mode=response|response-correlation-id={requests.Images[0].CorrelationId}",
            ResponseStreamId);

        Assert.That(Marks(asked.Requests), Is.EqualTo((asked.Responses.RegistrationId, 0)));
        Assert.That(Marks(answers), Is.EqualTo((asked.Requests.RegistrationId, 1)));
    }

    private static (long ResponseCorrelationId, byte IsResponse) Marks(Publication publication)
    {
        var metaData = publication.LogBuffers.MetaDataBuffer;
        return (metaData.GetLong(LogBufferDescriptor.LogResponseCorrelationIdOffset),
            metaData.GetByte(LogBufferDescriptor.LogIsResponseOffset));
    }

    private static (Publication Requests, Subscription Responses) Ask(AeronClient client, bool isExclusive)
    {
        var responses = client.AddSubscription("aeron:ipc?control-mode=response", ResponseStreamId);
        var channel = $"{Requests}|response-correlation-id={responses.RegistrationId}";
        return (Add(client, channel, StreamId, isExclusive), responses);
    }

    private static Publication Add(AeronClient client, string channel, int streamId, bool isExclusive) => isExclusive
        ? client.AddExclusivePublication(channel, streamId)
        : client.AddPublication(channel, streamId);

    private static void Send(Publication publication, int value)
    {
        var message = new UnsafeBuffer(new byte[sizeof(int)]);
        message.PutInt(0, value);
        Assert.That(publication.Offer(message), Is.Positive);
    }

    private static List<int> Receive(Subscription subscription)
    {
        var values = new List<int>();
        subscription.Poll((buffer, offset, _, _) => values.Add(buffer.GetInt(offset)), 10);
        return values;
    }
}
