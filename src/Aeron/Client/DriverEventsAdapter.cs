using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Aeron.Protocol.Command;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>Turns the driver's messages into calls of the conductor and of the client's resources.</summary>
internal sealed class DriverEventsAdapter
{
    private const long None = -1;

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
    private readonly CopyBroadcastReceiver _receiver;
    private readonly ClientConductor _conductor;
    private readonly ClientResources _resources;
    private readonly MessageHandler _onMessage;
    private long _awaitedCorrelationId = None;

    public DriverEventsAdapter(CopyBroadcastReceiver receiver, ClientConductor conductor, ClientResources resources)
    {
        _receiver = receiver;
        _conductor = conductor;
        _resources = resources;
        _onMessage = OnMessage;
    }

    /// <summary>The command whose answer has come, -1 for none.</summary>
    public long ReceivedCorrelationId { get; private set; } = None;

    /// <summary>True once messages were lost: nothing that is known of the driver can be relied on.</summary>
    public bool IsInvalid { get; private set; }

    /// <summary>Takes one message; returns how many there were.</summary>
    public int Receive(long awaitedCorrelationId)
    {
        _awaitedCorrelationId = awaitedCorrelationId;
        ReceivedCorrelationId = None;
        try
        {
            return _receiver.Receive(_onMessage);
        }
        catch (InvalidOperationException)
        {
            IsInvalid = true;
            throw;
        }
    }

    private void OnMessage(int msgTypeId, UnsafeBuffer buffer, int index, int length)
    {
        switch (msgTypeId)
        {
            case ControlProtocolEvents.OnError:
                OnError(buffer, index, length);
                break;
            case ControlProtocolEvents.OnPublicationReady:
                OnPublicationReady(buffer, index, length, isExclusive: false);
                break;
            case ControlProtocolEvents.OnExclusivePublicationReady:
                OnPublicationReady(buffer, index, length, isExclusive: true);
                break;
            case ControlProtocolEvents.OnSubscriptionReady:
                _subscriptionReady.Wrap(buffer, index, length);
                if (IsMine(_subscriptionReady.CorrelationId))
                    _resources.OnNewSubscription(
                        _subscriptionReady.CorrelationId, _subscriptionReady.ChannelStatusCounterId);
                break;
            case ControlProtocolEvents.OnAvailableImage:
                _imageReady.Wrap(buffer, index, length);
                _resources.OnAvailableImage(_imageReady);
                break;
            case ControlProtocolEvents.OnUnavailableImage:
                _image.Wrap(buffer, index, length);
                _resources.OnUnavailableImage(_image.CorrelationId, _image.SubscriptionRegistrationId);
                break;
            case ControlProtocolEvents.OnOperationSuccess:
                _succeeded.Wrap(buffer, index, length);
                IsMine(_succeeded.CorrelationId);
                break;
            case ControlProtocolEvents.OnClientTimeout:
                _clientTimeout.Wrap(buffer, index, length);
                _conductor.OnClientTimeout(_clientTimeout.ClientId);
                break;
            default:
                OnRarerMessage(msgTypeId, buffer, index, length);
                break;
        }
    }

    private void OnRarerMessage(int msgTypeId, UnsafeBuffer buffer, int index, int length)
    {
        switch (msgTypeId)
        {
            case ControlProtocolEvents.OnCounterReady:
                _counter.Wrap(buffer, index, length);
                if (IsMine(_counter.CorrelationId))
                    _resources.OnNewCounter(_counter.CorrelationId, _counter.CounterId);
                else
                    _resources.OnAvailableCounter(_counter.CorrelationId, _counter.CounterId);
                break;
            case ControlProtocolEvents.OnStaticCounter:
                _counter.Wrap(buffer, index, length);
                if (IsMine(_counter.CorrelationId))
                    _resources.OnStaticCounter(_counter.CorrelationId, _counter.CounterId);
                break;
            case ControlProtocolEvents.OnUnavailableCounter:
                _counter.Wrap(buffer, index, length);
                _resources.OnUnavailableCounter(_counter.CorrelationId, _counter.CounterId);
                break;
            case ControlProtocolEvents.OnPublicationError:
                _publicationError.Wrap(buffer, index, length);
                _resources.OnPublicationError(_publicationError);
                break;
            case ControlProtocolEvents.OnNextAvailableSessionId:
                _nextSessionId.Wrap(buffer, index, length);
                if (IsMine(_nextSessionId.CorrelationId))
                    _conductor.OnNextSessionId(_nextSessionId.NextSessionId);
                break;
        }
    }

    private void OnError(UnsafeBuffer buffer, int index, int length)
    {
        _error.Wrap(buffer, index, length);
        var correlationId = _error.OffendingCommandCorrelationId;
        if (_error.ErrorCodeValue == (int)ErrorCode.CHANNEL_ENDPOINT_ERROR)
            _resources.OnChannelEndpointError((int)correlationId, _error.ErrorMessage);
        else if (IsMine(correlationId))
            _resources.OnError(
                correlationId, _error.ErrorCodeValue, _error.ErrorMessage, ReceivedCorrelationId == correlationId);
    }

    private void OnPublicationReady(UnsafeBuffer buffer, int index, int length, bool isExclusive)
    {
        _publicationReady.Wrap(buffer, index, length);
        if (IsMine(_publicationReady.CorrelationId))
            _resources.OnNewPublication(_publicationReady, isExclusive);
    }

    /// <summary>
    /// True for the answer to a command of this client; notes it when it is the one awaited. Correlation ids are unique
    /// among all clients of a driver.
    /// </summary>
    private bool IsMine(long correlationId)
    {
        if (correlationId == _awaitedCorrelationId)
        {
            ReceivedCorrelationId = correlationId;
            return true;
        }

        return _resources.TryCompleteAsync(correlationId);
    }
}
