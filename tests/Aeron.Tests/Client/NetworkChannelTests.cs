using System.Text;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Aeron.Protocol.Command;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Aeron.Tests.Client;

/// <summary>What a driver of network channels tells its clients.</summary>
public sealed class NetworkChannelTests : AeronTestBase
{
    private readonly ManualClock _clock = new();
    private FakeDriver _driver = null!;
    private AeronClient _aeron = null!;

    [SetUp]
    public void Connect()
    {
        _driver = new FakeDriver(Directory, _clock);
        _aeron = base.Connect(context => context
            .UseConductorAgentInvoker(true).DriverAgentInvoker(_driver.Invoker).EpochClock(_clock).NanoClock(_clock));
    }

    [TearDown]
    public void Disconnect()
    {
        _aeron.Dispose();
        _driver.Dispose();
    }

    [Test]
    public void ShouldResolveTheEndpointThatTheDriverChose()
    {
        const string channel = "aeron:udp?endpoint=localhost:0|alias=x";
        var statusId = _driver.Counters.Allocate("none", 0);
        statusId = _driver.Counters.Allocate("rcv-channel", 7);
        _driver.OnCommand = (_, correlationId) => _driver.SubscriptionReady(correlationId, statusId);
        var subscription = _aeron.AddSubscription(channel, StreamId);
        Assert.That(subscription.ChannelStatus, Is.EqualTo(ChannelEndpointStatus.INITIALIZING));
        Assert.That(subscription.TryResolveChannelEndpointPort(), Is.Null);

        var addressId = AddAddress(statusId, "127.0.0.1:4012", subscription.RegistrationId);
        AddAddress(statusId + 1, "127.0.0.1:9999", 0);
        _driver.Counters.SetCounterValue(statusId, ChannelEndpointStatus.ACTIVE);
        Assert.That(subscription.LocalSocketAddresses, Is.Empty);
        _driver.Counters.SetCounterValue(addressId, ChannelEndpointStatus.ACTIVE);
        Assert.That(subscription.LocalSocketAddresses, Is.EqualTo(new[] { "127.0.0.1:4012" }));
        Assert.That(subscription.ResolvedEndpoint, Is.EqualTo("127.0.0.1:4012"));
        Assert.That(
            subscription.TryResolveChannelEndpointPort(), Is.EqualTo("aeron:udp?endpoint=localhost:4012|alias=x"));
        Assert.That(LocalSocketAddressStatus.IsActive(_aeron.CountersReader, statusId), Is.True);
        Assert.That(LocalSocketAddressStatus.IsActive(_aeron.CountersReader, statusId + 1), Is.False);
        Assert.That(
            LocalSocketAddressStatus.FindNumberOfAddressesByRegistrationId(
                _aeron.CountersReader, subscription.RegistrationId),
            Is.EqualTo(1));
    }

    [Test]
    public void ShouldTellTheChannelsUsersWhenItsEndpointFails()
    {
        _driver.Counters.Allocate("none", 0);
        var statusId = _driver.Counters.Allocate("rcv-channel", 7);
        _driver.OnCommand = (_, correlationId) => _driver.SubscriptionReady(correlationId, statusId);
        _aeron.AddSubscription("aeron:udp?endpoint=localhost:40123", StreamId);
        SendError(statusId, ErrorCode.CHANNEL_ENDPOINT_ERROR, "no such interface");
        SendError(statusId + 1, ErrorCode.CHANNEL_ENDPOINT_ERROR, "another channel");
        InvokeConductor();
        var error = (ChannelEndpointException)Errors.Single();
        Assert.That(error.StatusIndicatorId, Is.EqualTo(statusId));
        Assert.That(error.Message, Does.Contain("no such interface"));
    }

    [Test]
    public void ShouldMarkARefusalAsAWarningWhenTryingAgainMayHelp()
    {
        _driver.OnCommand = (_, correlationId) =>
            SendError(correlationId, ErrorCode.RESOURCE_TEMPORARILY_UNAVAILABLE, "later");
        var refusal = Assert.Throws<RegistrationException>(() => _aeron.AddSubscription("aeron:ipc", StreamId))!;
        Assert.That(refusal.Category, Is.EqualTo(Category.WARN));
        Assert.That(refusal.Message, Is.EqualTo(
            $"correlationId={refusal.CorrelationId()}, errorCodeValue=10, WARN - later"));
        _driver.OnCommand = (_, correlationId) => SendError(correlationId, (ErrorCode)12345, "news");
        refusal = Assert.Throws<RegistrationException>(() => _aeron.AddSubscription("aeron:ipc", StreamId))!;
        Assert.That(
            (refusal.Category, refusal.ErrorCode(), refusal.ErrorCodeValue()),
            Is.EqualTo((Category.ERROR, ErrorCode.UNKNOWN_CODE_VALUE, 12345)));
    }

    [Test]
    public void ShouldWaitForTheDriverToAddADestination()
    {
        const int destinationCommand = ControlProtocolEvents.AddRcvDestination;
        var commands = new List<int>();
        _driver.OnCommand = (msgTypeId, correlationId) =>
        {
            commands.Add(msgTypeId);
            if (msgTypeId == destinationCommand)
                Succeed(correlationId);
            else
                _driver.SubscriptionReady(correlationId, ChannelEndpointStatus.NO_ID_ALLOCATED);
        };
        var subscription = _aeron.AddSubscription("aeron:udp?control-mode=manual", StreamId);
        subscription.AddDestination("aeron:udp?endpoint=localhost:40123");
        var id = subscription.AsyncAddDestination("aeron:udp?endpoint=localhost:40124");
        Assert.That(_aeron.IsCommandActive(id), Is.True);
        _driver.Invoker.Invoke();
        Assert.That(_aeron.IsCommandActive(id), Is.False);
        Assert.That(commands, Is.EqualTo(
            new[] { ControlProtocolEvents.AddSubscription, destinationCommand, destinationCommand }));
    }

    [Test]
    public void ShouldMakeASessionIdItselfWhenTheDriverIsOld()
    {
        var isAsked = false;
        _driver.OnCommand = (_, _) => isAsked = true;
        var sessionIds = Enumerable.Range(0, 8).Select(_ => _aeron.NextSessionId(StreamId)).ToArray();
        Assert.That(sessionIds.Distinct().Count(), Is.GreaterThan(1));
        _driver.Invoker.Invoke();
        Assert.That(isAsked, Is.False);
    }

    [Test]
    public void ShouldReadThePublishersAddressOfEitherKind()
    {
        var buffer = new UnsafeBuffer(new byte[256]);
        var frame = new PublicationErrorFrameFlyweight();
        frame.Wrap(buffer);
        buffer.PutShort(PublicationErrorFrameFlyweight.AddressTypeOffset, 2);
        buffer.PutShort(PublicationErrorFrameFlyweight.AddressPortOffset, unchecked((short)40123));
        buffer.PutByte(PublicationErrorFrameFlyweight.AddressOffset + 15, 1);
        Assert.That(frame.SourceAddress.ToString(), Is.EqualTo("[::1]:40123"));
    }

    private int AddAddress(int statusId, string address, long registrationId)
    {
        var key = new UnsafeBuffer(new byte[2 * sizeof(int) + address.Length]);
        key.PutInt(0, statusId);
        key.PutInt(sizeof(int), address.Length);
        key.PutBytes(2 * sizeof(int), Encoding.ASCII.GetBytes(address));
        return _driver.Counters.Allocate("local-sockaddr", 14, key.AsSpan(0, key.Capacity), registrationId);
    }

    private void SendError(long correlationId, ErrorCode code, string message) => _driver.Send(
        ControlProtocolEvents.OnError,
        new ErrorResponseFlyweight(),
        error =>
        {
            error.OffendingCommandCorrelationId = correlationId;
            error.ErrorCodeValue = (int)code;
            error.ErrorMessage = message;
            return error.EncodedLength;
        });

    private void Succeed(long correlationId) => _driver.Send(
        ControlProtocolEvents.OnOperationSuccess,
        new OperationSucceededFlyweight(),
        success =>
        {
            success.CorrelationId = correlationId;
            return OperationSucceededFlyweight.FixedLength;
        });

    private void InvokeConductor()
    {
        for (var i = 0; i < 4; i++)
            _aeron.ConductorAgentInvoker!.Invoke();
    }
}
