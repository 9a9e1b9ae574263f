using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Aeron.Protocol.Command;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>Sends commands to the driver. Used under the conductor's lock alone.</summary>
internal sealed class DriverProxy
{
    private readonly ManyToOneRingBuffer _toDriver;
    private readonly Action? _wakeDriver;
    private readonly long _clientId;
    private readonly UnsafeBuffer _scratch;
    private readonly CorrelatedMessageFlyweight _correlated = new();
    private readonly PublicationMessageFlyweight _publication = new();
    private readonly SubscriptionMessageFlyweight _subscription = new();
    private readonly RemoveMessageFlyweight _remove = new();
    private readonly CounterMessageFlyweight _counter = new(isStatic: false);
    private readonly CounterMessageFlyweight _staticCounter = new(isStatic: true);
    private readonly RejectImageFlyweight _rejectImage = new();
    private readonly NextSessionIdMessageFlyweight _nextSessionId = new();
    private readonly DestinationMessageFlyweight _destination = new();
    private readonly DestinationByIdMessageFlyweight _destinationById = new();

    public DriverProxy(ManyToOneRingBuffer toDriver, long clientId, Action? wakeDriver)
    {
        _toDriver = toDriver;
        _wakeDriver = wakeDriver;
        _clientId = clientId;
        _scratch = new UnsafeBuffer(new byte[toDriver.MaxMsgLength]);
        foreach (var flyweight in (ControlFlyweight[])
                 [
                     _correlated, _publication, _subscription, _remove, _counter, _staticCounter, _rejectImage,
                     _nextSessionId, _destination, _destinationById,
                 ])
        {
            flyweight.Wrap(_scratch);
        }
    }

    public long TimeOfLastDriverKeepaliveMs => _toDriver.ConsumerHeartbeatTime;

    public long AddPublication(string channel, int streamId, bool isExclusive)
    {
        var correlationId = Begin(_publication);
        _publication.StreamId = streamId;
        _publication.Channel = channel;
        var type = isExclusive ? ControlProtocolEvents.AddExclusivePublication : ControlProtocolEvents.AddPublication;
        Send(type, _publication.EncodedLength, "add publication");
        return correlationId;
    }

    public long AddSubscription(string channel, int streamId)
    {
        var correlationId = Begin(_subscription);
        _subscription.RegistrationCorrelationId = -1;
        _subscription.StreamId = streamId;
        _subscription.Channel = channel;
        Send(ControlProtocolEvents.AddSubscription, _subscription.EncodedLength, "add subscription");
        return correlationId;
    }

    public long RemovePublication(long registrationId, bool isRevoke)
    {
        var correlationId = Begin(_remove);
        _remove.RegistrationId = registrationId;
        _remove.SetRevoke(isRevoke);
        Send(ControlProtocolEvents.RemovePublication, RemoveMessageFlyweight.LengthWithFlags, "remove publication");
        return correlationId;
    }

    public long RemoveSubscription(long registrationId) =>
        Remove(ControlProtocolEvents.RemoveSubscription, registrationId, "remove subscription");

    public long RemoveCounter(long registrationId) =>
        Remove(ControlProtocolEvents.RemoveCounter, registrationId, "remove counter");

    public long AddCounter(int typeId, ReadOnlySpan<byte> key, string label)
    {
        var correlationId = Begin(_counter);
        Send(ControlProtocolEvents.AddCounter, Fill(_counter, typeId, key, label), "add counter");
        return correlationId;
    }

    public long AddStaticCounter(int typeId, ReadOnlySpan<byte> key, string label, long registrationId)
    {
        var correlationId = Begin(_staticCounter);
        _staticCounter.RegistrationId = registrationId;
        Send(ControlProtocolEvents.AddStaticCounter, Fill(_staticCounter, typeId, key, label), "add static counter");
        return correlationId;
    }

    public long RejectImage(long imageCorrelationId, long position, string reason)
    {
        var correlationId = Begin(_rejectImage);
        _rejectImage.ImageCorrelationId = imageCorrelationId;
        _rejectImage.Position = position;
        _rejectImage.Reason = reason;
        Send(ControlProtocolEvents.RejectImage, _rejectImage.EncodedLength, "reject image");
        return correlationId;
    }

    public long NextAvailableSessionId(int streamId)
    {
        var correlationId = Begin(_nextSessionId);
        _nextSessionId.StreamId = streamId;
        Send(
            ControlProtocolEvents.GetNextAvailableSessionId, NextSessionIdMessageFlyweight.FixedLength,
            "next session id");
        return correlationId;
    }

    public long AddDestination(long registrationId, string channel) =>
        Destination(ControlProtocolEvents.AddDestination, registrationId, channel, "add destination");

    public long RemoveDestination(long registrationId, string channel) =>
        Destination(ControlProtocolEvents.RemoveDestination, registrationId, channel, "remove destination");

    public long AddRcvDestination(long registrationId, string channel) =>
        Destination(ControlProtocolEvents.AddRcvDestination, registrationId, channel, "add rcv destination");

    public long RemoveRcvDestination(long registrationId, string channel) =>
        Destination(ControlProtocolEvents.RemoveRcvDestination, registrationId, channel, "remove rcv destination");

    public long RemoveDestination(long publicationRegistrationId, long destinationRegistrationId)
    {
        var correlationId = Begin(_destinationById);
        _destinationById.ResourceRegistrationId = publicationRegistrationId;
        _destinationById.DestinationRegistrationId = destinationRegistrationId;
        Send(
            ControlProtocolEvents.RemoveDestinationById, DestinationByIdMessageFlyweight.FixedLength,
            "remove destination");
        return correlationId;
    }

    /// <summary>Says farewell. A full ring does not matter: the driver finds out by itself.</summary>
    public void ClientClose()
    {
        Begin(_correlated);
        _toDriver.TryWrite(
            ControlProtocolEvents.ClientClose, _scratch, 0, CorrelatedMessageFlyweight.CorrelatedLength);
        _wakeDriver?.Invoke();
    }

    private long Remove(int msgTypeId, long registrationId, string what)
    {
        var correlationId = Begin(_remove);
        _remove.RegistrationId = registrationId;
        Send(msgTypeId, RemoveMessageFlyweight.FixedLength, what);
        return correlationId;
    }

    private static int Fill(CounterMessageFlyweight counter, int typeId, ReadOnlySpan<byte> key, string label)
    {
        counter.TypeId = typeId;
        counter.SetKey(key);
        counter.Label = label;
        return counter.EncodedLength;
    }

    private long Destination(int msgTypeId, long registrationId, string channel, string what)
    {
        var correlationId = Begin(_destination);
        _destination.RegistrationCorrelationId = registrationId;
        _destination.Channel = channel;
        Send(msgTypeId, _destination.EncodedLength, what);
        return correlationId;
    }

    private long Begin(CorrelatedMessageFlyweight message)
    {
        var correlationId = _toDriver.NextCorrelationId();
        message.ClientId = _clientId;
        message.CorrelationId = correlationId;
        return correlationId;
    }

    private void Send(int msgTypeId, int length, string what)
    {
        if (!_toDriver.TryWrite(msgTypeId, _scratch, 0, length))
            throw new AeronException($"could not write command to the driver, its ring is full: {what}");

        _wakeDriver?.Invoke();
    }
}
