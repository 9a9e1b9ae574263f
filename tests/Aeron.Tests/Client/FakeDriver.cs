using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Aeron.Protocol.Command;

namespace ExecutionPipeline.Aeron.Tests.Client;

/// <summary>
/// Says what a test has it say: for answers that a driver of IPC streams never gives, such as a network driver's.
/// </summary>
internal sealed class FakeDriver : IAgent, IDisposable
{
    private readonly CncFile _cncFile;
    private readonly ManyToOneRingBuffer _toDriver;
    private readonly BroadcastTransmitter _toClients;
    private readonly UnsafeBuffer _message = new(new byte[4096]);

    public FakeDriver(string directory, IEpochClock clock, long clientLivenessTimeoutNs = 10_000_000_000)
    {
        System.IO.Directory.CreateDirectory(directory);
        _cncFile = CncFile.Create(
            Path.Combine(directory, CncFileDescriptor.CNC_FILE),
            new CncFileLayout
            {
                ToDriverBufferLength = 64 * 1024 + RingBufferDescriptor.TrailerLength,
                ToClientsBufferLength = 64 * 1024 + BroadcastBufferDescriptor.TrailerLength,
                CountersValuesBufferLength = 64 * 1024,
                ErrorLogBufferLength = 64 * 1024,
                ClientLivenessTimeoutNs = clientLivenessTimeoutNs,
                StartTimestampMs = clock.Time(),
                FilePageSize = 4096,
            });
        _toDriver = new ManyToOneRingBuffer(_cncFile.ToDriverBuffer) { ConsumerHeartbeatTime = clock.Time() };
        _toClients = new BroadcastTransmitter(_cncFile.ToClientsBuffer);
        Counters = new CountersManager(_cncFile.CountersMetaDataBuffer, _cncFile.CountersValuesBuffer, clock, 0);
        _cncFile.Publish();
        Invoker = new AgentInvoker(new CallbackErrorHandler(exception => throw exception), this);
        Invoker.Start();
    }

    public CountersManager Counters { get; }

    public AgentInvoker Invoker { get; }

    /// <summary>Answers a command, given its number.</summary>
    public Action<int, long> OnCommand { get; set; } = (_, _) => { };

    public string RoleName() => "fake driver";

    public void OnStart()
    {
    }

    public int DoWork() => _toDriver.Read((msgTypeId, buffer, index, _) =>
        OnCommand(msgTypeId, buffer.GetLong(index + CorrelatedMessageFlyweight.CorrelationIdOffset)));

    public void OnClose()
    {
    }

    /// <summary>Sends a message that is filled in place; returns nothing until its length is known.</summary>
    public void Send<TMessage>(int msgTypeId, TMessage message, Func<TMessage, int> fill)
        where TMessage : ControlFlyweight
    {
        message.Wrap(_message);
        _toClients.Transmit(msgTypeId, _message, 0, fill(message));
    }

    public void SubscriptionReady(long correlationId, int statusId) => Send(
        ControlProtocolEvents.OnSubscriptionReady,
        new SubscriptionReadyFlyweight(),
        ready =>
        {
            ready.CorrelationId = correlationId;
            ready.ChannelStatusCounterId = statusId;
            return SubscriptionReadyFlyweight.FixedLength;
        });

    public void Dispose() => _cncFile.Dispose();
}
