using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Aeron.Tests.Client;

/// <summary>A client that has lost messages of its driver knows nothing for certain, and ends.</summary>
public sealed class LappedClientTests : AeronTestBase
{
    private FakeDriver _driver = null!;
    private AeronClient _client = null!;

    [SetUp]
    public void ConnectToAFakeDriver()
    {
        var clock = new ManualClock();
        _driver = new FakeDriver(Directory, clock);
        _client = Connect(context => context
            .UseConductorAgentInvoker(true)
            .DriverAgentInvoker(_driver.Invoker)
            .EpochClock(clock)
            .NanoClock(clock));
    }

    [TearDown]
    public void Disconnect()
    {
        _client.Dispose();
        _driver.Dispose();
    }

    [Test]
    public void ShouldEndWhenItWasLapped()
    {
        for (var i = 0; i < 10_000; i++)
            _driver.SubscriptionReady(12345, 1);

        AssertEnds();
    }

    /// <summary>As it may be found by a client that is lapped in the middle of a record.</summary>
    [Test]
    public void ShouldEndWhenALengthLeadsOutOfTheMemory()
    {
        using var cncFile = CncFile.Map(Path.Combine(Directory, CncFileDescriptor.CNC_FILE))!;
        var toClients = cncFile.ToClientsBuffer;
        var capacity = toClients.Capacity - BroadcastBufferDescriptor.TrailerLength;
        for (var i = 0; i < capacity / 2 / 24; i++)
        {
            _driver.SubscriptionReady(12345, 1);
            _client.ConductorAgentInvoker!.Invoke();
        }

        var record = (int)toClients.GetLong(capacity + BroadcastBufferDescriptor.TailCounterOffset);
        _driver.SubscriptionReady(12345, 1);
        toClients.PutInt(record + RecordDescriptor.LengthOffset, capacity);
        AssertEnds();
    }

    private void AssertEnds()
    {
        Assert.That(Errors, Is.Empty);
        _client.ConductorAgentInvoker!.Invoke();
        Assert.That(Errors.Single().Message, Does.Contain("cannot be relied on"));
        Assert.That(() => _client.AddSubscription("aeron:ipc", StreamId), Throws.TypeOf<AeronException>());
    }
}
