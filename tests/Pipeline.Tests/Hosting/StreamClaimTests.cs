using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

public sealed class StreamClaimTests
{
    private const string Channel = "aeron:ipc";
    private const int Stream = 1001;

    private MediaDriver _driver = null!;
    private AeronClient _first = null!;
    private AeronClient _second = null!;

    [SetUp]
    public void Launch()
    {
        _driver = MediaDriver.LaunchEmbedded();
        _first = Connect();
        _second = Connect();
    }

    [TearDown]
    public void Close()
    {
        _first.Dispose();
        _second.Dispose();
        _driver.Dispose();
    }

    [Test]
    public void ShouldRefuseASecondPipelineOnTheSameStream()
    {
        using var first = new AeronTransport(_first);
        using var second = new AeronTransport(_second);
        first.OpenInput(Channel, Stream);

        Assert.That(
            () => second.OpenInput(Channel, Stream),
            Throws.TypeOf<IOException>().With.Message.Contain("another pipeline reads stream 1001"));
        Assert.That(() => second.OpenInput(Channel, Stream + 1), Throws.Nothing, "a stream of its own");
    }

    [Test]
    public void ShouldGiveTheStreamUpWhenThePipelineEnds()
    {
        using (var first = new AeronTransport(_first))
            first.OpenInput(Channel, Stream);

        using var second = new AeronTransport(_second);
        Assert.That(() => second.OpenInput(Channel, Stream), Throws.Nothing);
    }

    [Test]
    public void ShouldNotBeRefusedForLongWhenAClientIsGone()
    {
        new AeronTransport(_first).OpenInput(Channel, Stream);
        _first.Dispose();

        using var second = new AeronTransport(_second);
        Assert.That(() => second.OpenInput(Channel, Stream), Throws.Nothing);
    }

    /// <summary>The driver is patient, as one that is set so; the client's process was killed.</summary>
    [Test]
    public void ShouldWaitUntilTheDriverGivesUpWhenAPipelineWasKilled()
    {
        using var driver = MediaDriver.LaunchEmbedded(new MediaDriver.Context()
            .ClientLivenessTimeoutNs(17_000_000_000)
            .PublicationUnblockTimeoutNs(30_000_000_000));
        // Its turns are the test's own, which takes none behind the claim.
        using var killed = AeronClient.Connect(new AeronClient.Context()
            .AeronDirectoryName(driver.AeronDirectoryName)
            .UseConductorAgentInvoker(true));
        using var living = AeronClient.Connect(
            new AeronClient.Context().AeronDirectoryName(driver.AeronDirectoryName));
        new AeronTransport(killed).OpenInput(Channel, Stream);

        using var second = new AeronTransport(living);
        Assert.That(() => second.OpenInput(Channel, Stream), Throws.Nothing);
    }

    [Test]
    public void ShouldWaitForTheDriversClientTimeoutAndLongerWhenItIsSet()
    {
        const long hourNs = 3_600_000_000_000;
        Assert.That(RivalWatch.On(hourNs).Patience, Is.GreaterThan(TimeSpan.FromHours(1)));
        Assert.That(
            RivalWatch.On(10_000_000_000).Patience, Is.InRange(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1)));
    }

    /// <summary>The driver frees a client's heartbeat and its other counters one after the other.</summary>
    [Test]
    public void ShouldTakeTheStreamWhenAKilledClientHasLostItsHeartbeatAlready()
    {
        AwaitSole([new Rival(7, 1_000), new Rival(7, 0), null]);
        AwaitSole([new Rival(7, 1_000), new Rival(8, 2_000), new Rival(7, 1_000), null]);
    }

    [Test]
    public void ShouldRefuseWhenAHeartbeatMovesOfSeveral() => Assert.That(
        () => AwaitSole([new Rival(7, 1_000), new Rival(8, 2_000), new Rival(7, 0), new Rival(8, 2_500)]),
        Throws.TypeOf<IOException>().With.Message.Contain("client 8"));

    /// <summary>Another attempt may find it given up, so this is no error of whoever set the streams.</summary>
    [Test]
    public void ShouldTimeOutWhenTheDriverDoesNotGiveUpWhoShowsNoLife() => Assert.That(
        () => AwaitSole(Enumerable.Repeat<Rival?>(new Rival(7, 1_000), 1_000), TimeSpan.FromMilliseconds(1)),
        Throws.TypeOf<TimeoutException>().With.Message.Contain("the stream").And.Message.Contain("client 7"));

    [Test]
    public void ShouldEndTheWaitingWhenItIsCancelled() => Assert.That(
        () => StreamClaim.AwaitSole(
            static () => new Rival(7, 1_000), new RivalWatch(TimeSpan.FromHours(1)), "", new CancellationToken(true)),
        Throws.InstanceOf<OperationCanceledException>());

    private static void AwaitSole(IEnumerable<Rival?> found, TimeSpan? patience = null)
    {
        var looks = new Queue<Rival?>(found);
        StreamClaim.AwaitSole(
            looks.Dequeue, new RivalWatch(patience ?? TimeSpan.FromHours(1)), "the stream", CancellationToken.None);
        Assert.That(looks, Is.Empty);
    }

    private AeronClient Connect() =>
        AeronClient.Connect(new AeronClient.Context().AeronDirectoryName(_driver.AeronDirectoryName));
}
