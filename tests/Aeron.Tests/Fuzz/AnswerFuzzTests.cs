using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Tests.Fuzz;

/// <summary>Anything that a driver may say: a client reports what cannot be, and goes on.</summary>
public sealed class AnswerFuzzTests : StepTestBase
{
    private const int LongestAnswer = 256;

    private readonly UnsafeBuffer _answer = new(new byte[LongestAnswer]);

    [Test]
    public void ShouldGoOnWhateverTheDriverSays()
    {
        var random = TestSeed.NewRandom();
        using var cncFile = CncFile.Map(Path.Combine(Directory, CncFileDescriptor.CNC_FILE))!;
        var transmitter = new BroadcastTransmitter(cncFile.ToClientsBuffer);
        var aeron = ConnectStepped();
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddPublication(Channel, StreamId);
        Step();
        var (images, cases) = (0, FuzzCases.Percent(18));
        for (var i = 0L; i < cases; i++)
        {
            var length = FuzzCases.Spoil(random, _answer, Compose(random, subscription, publication));
            var typeId = ControlProtocolEvents.OnError + random.Next(14);
            // A client that is told that it has timed out is to close.
            if (typeId == ControlProtocolEvents.OnClientTimeout && _answer.GetLong(0) == aeron.ClientId)
                continue;

            transmitter.Transmit(typeId, _answer, 0, length);
            aeron.ConductorAgentInvoker!.Invoke();
            images = Math.Max(images, subscription.Images.Count);
        }

        Assert.That(aeron.IsClosed, Is.False);
        Assert.That(images, Is.Positive, "some images were made up well enough");
        Assert.That(Errors, Is.Not.Empty);
        Assert.That(
            Errors.Where(error => error is not (AeronException or InvalidDataException or ArgumentException
                or InvalidOperationException or IOException or ControlProtocolException
                or UnauthorizedAccessException or IndexOutOfRangeException)),
            Is.Empty);
    }

    private int Compose(Random random, Subscription subscription, Publication publication)
    {
        long[] ids =
        [
            subscription.RegistrationId, publication.RegistrationId, random.Next(100), random.NextInt64(),
        ];
        for (var offset = 0; offset < 64; offset += sizeof(int))
            _answer.PutInt(offset, FuzzCases.Number(random));

        _answer.PutLong(0, ids[random.Next(ids.Length)]);
        _answer.PutInt(8, random.Next(100));
        _answer.PutLong(16, ids[random.Next(ids.Length)]);
        var log = Path.Combine(Directory, "publications", $"{publication.RegistrationId}.logbuffer");
        return 28 + _answer.PutStringAscii(28, random.Next(2) == 0 ? log : Directory);
    }
}
