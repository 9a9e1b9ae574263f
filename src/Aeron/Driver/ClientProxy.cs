using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Aeron.Protocol.Command;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>Sends the driver's messages to all clients.</summary>
internal sealed class ClientProxy
{
    private const int NoCounter = -1;

    private readonly BroadcastTransmitter _transmitter;
    private readonly UnsafeBuffer _buffer;
    private readonly ErrorResponseFlyweight _error = new();
    private readonly PublicationErrorFrameFlyweight _publicationError = new();
    private readonly PublicationBuffersReadyFlyweight _publicationReady = new();
    private readonly SubscriptionReadyFlyweight _subscriptionReady = new();
    private readonly ImageBuffersReadyFlyweight _imageReady = new();
    private readonly OperationSucceededFlyweight _succeeded = new();
    private readonly ImageMessageFlyweight _image = new();
    private readonly CounterUpdateFlyweight _counter = new();
    private readonly ClientTimeoutFlyweight _clientTimeout = new();
    private readonly NextAvailableSessionIdFlyweight _nextSessionId = new();

    public ClientProxy(BroadcastTransmitter transmitter)
    {
        _transmitter = transmitter;
        _buffer = new UnsafeBuffer(new byte[transmitter.MaxMsgLength]);
        foreach (var flyweight in (ControlFlyweight[])
                 [_error, _publicationError, _publicationReady, _subscriptionReady, _imageReady, _succeeded, _image,
                  _counter, _clientTimeout, _nextSessionId])
        {
            flyweight.Wrap(_buffer);
        }
    }

    public void OnError(long correlationId, ErrorCode errorCode, string message)
    {
        // Whatever a client put into its command comes back in the message, so its length is bounded.
        var maxLength = _transmitter.MaxMsgLength - ErrorResponseFlyweight.FixedLength;
        _error.OffendingCommandCorrelationId = correlationId;
        _error.ErrorCodeValue = (int)errorCode;
        _error.ErrorMessage = message.Length <= maxLength ? message : message[..maxLength];
        Transmit(ControlProtocolEvents.OnError, _error.EncodedLength);
    }

    public void OnPublicationReady(IpcPublication publication, long correlationId, bool isExclusive)
    {
        _publicationReady.CorrelationId = correlationId;
        _publicationReady.RegistrationId = publication.RegistrationId;
        _publicationReady.SessionId = publication.SessionId;
        _publicationReady.StreamId = publication.StreamId;
        _publicationReady.PublicationLimitCounterId = publication.PublisherLimitId;
        _publicationReady.ChannelStatusCounterId = NoCounter;
        _publicationReady.LogFileName = publication.Log.FileName;
        Transmit(
            isExclusive ? ControlProtocolEvents.OnExclusivePublicationReady : ControlProtocolEvents.OnPublicationReady,
            _publicationReady.EncodedLength);
    }

    public void OnSubscriptionReady(long correlationId)
    {
        _subscriptionReady.CorrelationId = correlationId;
        _subscriptionReady.ChannelStatusCounterId = NoCounter;
        Transmit(ControlProtocolEvents.OnSubscriptionReady, SubscriptionReadyFlyweight.FixedLength);
    }

    public void OnAvailableImage(IpcPublication publication, long subscriptionId, int positionCounterId)
    {
        _imageReady.CorrelationId = publication.RegistrationId;
        _imageReady.SessionId = publication.SessionId;
        _imageReady.StreamId = publication.StreamId;
        _imageReady.SubscriptionRegistrationId = subscriptionId;
        _imageReady.SubscriberPositionId = positionCounterId;
        _imageReady.LogFileName = publication.Log.FileName;
        _imageReady.SourceIdentity = Client.Aeron.Context.IPC_CHANNEL;
        Transmit(ControlProtocolEvents.OnAvailableImage, _imageReady.EncodedLength);
    }

    public void OnUnavailableImage(long correlationId, SubscriptionLink link)
    {
        _image.CorrelationId = correlationId;
        _image.SubscriptionRegistrationId = link.RegistrationId;
        _image.StreamId = link.StreamId;
        _image.Channel = link.Channel;
        Transmit(ControlProtocolEvents.OnUnavailableImage, _image.EncodedLength);
    }

    public void OnOperationSucceeded(long correlationId)
    {
        _succeeded.CorrelationId = correlationId;
        Transmit(ControlProtocolEvents.OnOperationSuccess, OperationSucceededFlyweight.FixedLength);
    }

    public void OnCounterReady(long correlationId, int counterId) =>
        OnCounter(ControlProtocolEvents.OnCounterReady, correlationId, counterId);

    public void OnStaticCounter(long correlationId, int counterId) =>
        OnCounter(ControlProtocolEvents.OnStaticCounter, correlationId, counterId);

    public void OnUnavailableCounter(long registrationId, int counterId) =>
        OnCounter(ControlProtocolEvents.OnUnavailableCounter, registrationId, counterId);

    public void OnClientTimeout(long clientId)
    {
        _clientTimeout.ClientId = clientId;
        Transmit(ControlProtocolEvents.OnClientTimeout, ClientTimeoutFlyweight.FixedLength);
    }

    public void OnNextAvailableSessionId(long correlationId, int sessionId)
    {
        _nextSessionId.CorrelationId = correlationId;
        _nextSessionId.NextSessionId = sessionId;
        Transmit(ControlProtocolEvents.OnNextAvailableSessionId, NextAvailableSessionIdFlyweight.FixedLength);
    }

    public void OnPublicationError(IpcPublication publication, ErrorCode errorCode, string message)
    {
        _publicationError.RegistrationId = publication.RegistrationId;
        _publicationError.SetLocalSource();
        _publicationError.SessionId = publication.SessionId;
        _publicationError.StreamId = publication.StreamId;
        _publicationError.ErrorCodeValue = (int)errorCode;
        _publicationError.ErrorMessage = message;
        Transmit(ControlProtocolEvents.OnPublicationError, _publicationError.EncodedLength);
    }

    private void OnCounter(int msgTypeId, long correlationId, int counterId)
    {
        _counter.CorrelationId = correlationId;
        _counter.CounterId = counterId;
        Transmit(msgTypeId, CounterUpdateFlyweight.FixedLength);
    }

    private void Transmit(int msgTypeId, int length) => _transmitter.Transmit(msgTypeId, _buffer, 0, length);
}
