using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Aeron.Tests.Driver;

/// <summary>What becomes of driver and clients when somebody sets the system's time.</summary>
[TestFixture(30)]
[TestFixture(-30)]
[TestFixture(3600)]
[TestFixture(-3600)]
public sealed class WallClockTests(int stepSeconds) : StepTestBase
{
    private static readonly TimeSpan LongerThanAnyTimeout = TimeSpan.FromSeconds(30);

    private readonly List<Exception> _errors = [];

    private TimeSpan WallStep => TimeSpan.FromSeconds(stepSeconds);

    [SetUp]
    public void ForgetErrors() => _errors.Clear();

    [Test]
    public void ShouldKeepClientsWhenTheWallClockIsStepped()
    {
        var client = ConnectStepped(Listen);
        var subscription = client.AddSubscription(Channel, StreamId);
        var publication = client.AddPublication(Channel, StreamId);
        Pass(TimeSpan.FromSeconds(3));
        StepWall(WallStep);
        Pass(LongerThanAnyTimeout);

        Assert.That(_errors, Is.Empty);
        Assert.That(client.IsClosed, Is.False);
        Assert.That(publication.IsConnected && subscription.IsConnected, Is.True);
    }

    [Test]
    public void ShouldShowTheNewTimeToOfficialPartnersInTheNextTurns()
    {
        var client = ConnectStepped(Listen);
        client.AddPublication(Channel, StreamId);
        Pass(TimeSpan.FromSeconds(3));
        StepWall(WallStep);
        Advance(TimeSpan.FromMilliseconds(20));
        Step();

        var wallMs = Driver.Ctx.EpochClock().Time();
        var reader = client.CountersReader;
        var heartbeat = HeartbeatTimestamp.FindCounterIdByRegistrationId(
            reader, HeartbeatTimestamp.HEARTBEAT_TYPE_ID, client.ClientId);
        Assert.That(reader.GetCounterValue(heartbeat), Is.EqualTo(wallMs), "the client's");
        Assert.That(DriverHeartbeatMs(), Is.EqualTo(wallMs), "the driver's");
    }

    [Test]
    public void ShouldGiveADeadClientUpInTimeWhenTheWallClockIsStepped()
    {
        var dead = ConnectStepped(Listen);
        dead.AddPublication(Channel, StreamId);
        var witness = ConnectStepped(Listen);
        var subscription = witness.AddSubscription(Channel, StreamId);
        Pass(TimeSpan.FromSeconds(1));
        Assert.That(subscription.IsConnected, Is.True);

        Forget(dead);
        StepWall(WallStep);
        Pass(TimeSpan.FromSeconds(5));
        Assert.That(subscription.IsConnected, Is.True, "half of the time that it has");
        Pass(LongerThanAnyTimeout);
        Assert.That(subscription.IsConnected, Is.False);
        Assert.That(_errors, Is.Empty);
    }

    [Test]
    public void ShouldGiveADeadDriverUpInTimeWhenTheWallClockIsStepped()
    {
        var client = ConnectStepped(Listen);
        client.AddSubscription(Channel, StreamId);
        Pass(TimeSpan.FromSeconds(1));
        StepWall(WallStep);
        for (var i = 0; i < 9 && !client.IsClosed; i++)
        {
            Advance(TimeSpan.FromSeconds(1));
            client.ConductorAgentInvoker!.Invoke();
        }

        Assert.That(_errors, Is.Empty, "it has ten seconds");
        for (var i = 0; i < 3 && !client.IsClosed; i++)
        {
            Advance(TimeSpan.FromSeconds(1));
            client.ConductorAgentInvoker!.Invoke();
        }

        Assert.That(_errors, Has.Exactly(1).TypeOf<DriverTimeoutException>());
    }

    [Test]
    public void ShouldConnectWhenTheWallClockWasStepped()
    {
        StepWall(WallStep);
        var client = ConnectStepped(Listen);
        Assert.That(() => client.AddPublication(Channel, StreamId), Throws.Nothing);
    }

    [Test]
    public void ShouldUseCounterIdsAgainWhenTheWallClockIsStepped()
    {
        var client = ConnectStepped(Listen);
        var counter = client.AddCounter(1000, "first");
        counter.Dispose();
        Step();
        StepWall(WallStep);
        Assert.That(client.AddCounter(1000, "too early").Id, Is.Not.EqualTo(counter.Id));
        Pass(TimeSpan.FromSeconds(2));
        Assert.That(client.AddCounter(1000, "in time").Id, Is.EqualTo(counter.Id));
    }

    private void Listen(AeronClient.Context context) => context.ErrorHandler(new CallbackErrorHandler(_errors.Add));

    private long DriverHeartbeatMs()
    {
        var path = Path.Combine(Driver.Ctx.AeronDirectoryName(), CncFileDescriptor.CNC_FILE);
        using var file = CncFile.Map(path, isReadOnly: true)!;
        return new ManyToOneRingBuffer(file.ToDriverBuffer).ConsumerHeartbeatTime;
    }
}
