using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Aeron.Protocol.Command;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>
/// Turns clients' commands into calls of those who keep clients and streams, and what these throw into answers. Any
/// process of the user may write anything here: a command that cannot be is answered with an error, and nothing else
/// happens.
/// </summary>
internal sealed class ClientCommandAdapter
{
    private const int CommandsPerTurn = 16;
    private const long NoCorrelationId = 0;

    private readonly CorrelatedMessageFlyweight _correlated = new();
    private readonly PublicationMessageFlyweight _publication = new();
    private readonly SubscriptionMessageFlyweight _subscription = new();
    private readonly RemoveMessageFlyweight _remove = new();
    private readonly CounterMessageFlyweight _counter = new(isStatic: false);
    private readonly CounterMessageFlyweight _staticCounter = new(isStatic: true);
    private readonly TerminateDriverFlyweight _terminate = new();
    private readonly RejectImageFlyweight _rejectImage = new();
    private readonly NextSessionIdMessageFlyweight _nextSessionId = new();
    private readonly ManyToOneRingBuffer _toDriver;
    private readonly ClientProxy _clientProxy;
    private readonly IErrorHandler _errorHandler;
    private readonly DriverClients _clients;
    private readonly DriverStreams _streams;
    private readonly MediaDriver.Context _context;
    private readonly MessageHandler _onCommand;

    public ClientCommandAdapter(
        ManyToOneRingBuffer toDriver,
        ClientProxy clientProxy,
        IErrorHandler errorHandler,
        DriverClients clients,
        DriverStreams streams,
        MediaDriver.Context context)
    {
        _toDriver = toDriver;
        _clientProxy = clientProxy;
        _errorHandler = errorHandler;
        _clients = clients;
        _streams = streams;
        _context = context;
        _onCommand = OnCommand;
    }

    /// <summary>Carries out some commands; returns how many.</summary>
    public int Receive()
    {
        try
        {
            return _toDriver.Read(_onCommand, CommandsPerTurn);
        }
        catch (InvalidDataException exception)
        {
            _errorHandler.OnError(exception);
            return 1;
        }
    }

    private void OnCommand(int msgTypeId, UnsafeBuffer buffer, int index, int length)
    {
        var correlationId = NoCorrelationId;
        try
        {
            _correlated.Wrap(buffer, index, length);
            correlationId = _correlated.CorrelationId;
            Dispatch(msgTypeId, buffer, index, length);
        }
        catch (Exception exception)
        {
            OnError(correlationId, exception);
        }
    }

    private void Dispatch(int msgTypeId, UnsafeBuffer buffer, int index, int length)
    {
        switch (msgTypeId)
        {
            case ControlProtocolEvents.AddPublication:
                AddPublication(buffer, index, length, isExclusive: false);
                break;
            case ControlProtocolEvents.AddExclusivePublication:
                AddPublication(buffer, index, length, isExclusive: true);
                break;
            case ControlProtocolEvents.RemovePublication:
                _remove.Wrap(buffer, index, length);
                _streams.RemovePublication(_remove.RegistrationId, _remove.CorrelationId, _remove.IsRevoke(length));
                break;
            case ControlProtocolEvents.AddSubscription:
                AddSubscription(buffer, index, length);
                break;
            case ControlProtocolEvents.RemoveSubscription:
                _remove.Wrap(buffer, index, length);
                _streams.RemoveSubscription(_remove.RegistrationId, _remove.CorrelationId);
                break;
            case ControlProtocolEvents.ClientKeepalive:
                _clients.OnClientKeepalive(_correlated.ClientId);
                break;
            case ControlProtocolEvents.ClientClose:
                _clients.OnClientClose(_correlated.ClientId);
                break;
            default:
                DispatchRarer(msgTypeId, buffer, index, length);
                break;
        }
    }

    private void DispatchRarer(int msgTypeId, UnsafeBuffer buffer, int index, int length)
    {
        switch (msgTypeId)
        {
            case ControlProtocolEvents.AddCounter:
                _counter.Wrap(buffer, index, length);
                _clients.AddCounter(_counter);
                break;
            case ControlProtocolEvents.AddStaticCounter:
                _staticCounter.Wrap(buffer, index, length);
                _clients.AddStaticCounter(_staticCounter);
                break;
            case ControlProtocolEvents.RemoveCounter:
                _remove.Wrap(buffer, index, length);
                _clients.RemoveCounter(_remove.RegistrationId, _remove.CorrelationId);
                break;
            case ControlProtocolEvents.TerminateDriver:
                _terminate.Wrap(buffer, index, length);
                if (_context.TerminationValidator()(_terminate.Token))
                    _context.TerminationHook()?.Invoke();
                break;
            case ControlProtocolEvents.RejectImage:
                _rejectImage.Wrap(buffer, index, length);
                _streams.RejectImage(_rejectImage);
                break;
            case ControlProtocolEvents.GetNextAvailableSessionId:
                _nextSessionId.Wrap(buffer, index, length);
                _streams.NextAvailableSessionId(_nextSessionId.CorrelationId, _nextSessionId.StreamId);
                break;
            case ControlProtocolEvents.AddDestination:
            case ControlProtocolEvents.RemoveDestination:
            case ControlProtocolEvents.AddRcvDestination:
            case ControlProtocolEvents.RemoveRcvDestination:
            case ControlProtocolEvents.RemoveDestinationById:
                throw new ControlProtocolException(
                    ErrorCode.NOT_SUPPORTED,
                    "this driver has IPC streams alone; start an official media driver for destinations");
            default:
                throw new ControlProtocolException(
                    ErrorCode.UNKNOWN_COMMAND_TYPE_ID, $"command typeId={msgTypeId}");
        }
    }

    private void AddPublication(UnsafeBuffer buffer, int index, int length, bool isExclusive)
    {
        _publication.Wrap(buffer, index, length);
        var channel = CheckedChannel(_publication.Channel);
        _streams.AddPublication(
            channel, _publication.StreamId, _publication.CorrelationId, _publication.ClientId, isExclusive);
    }

    private void AddSubscription(UnsafeBuffer buffer, int index, int length)
    {
        _subscription.Wrap(buffer, index, length);
        var channel = CheckedChannel(_subscription.Channel);
        _streams.AddSubscription(
            channel, _subscription.StreamId, _subscription.CorrelationId, _subscription.ClientId);
    }

    private static string CheckedChannel(string channel)
    {
        var uri = UriValues.Parse(channel);
        if (uri.IsIpc && uri.Prefix().Length == 0)
            return channel;

        throw new ControlProtocolException(
            ErrorCode.NOT_SUPPORTED,
            $"this driver has IPC streams alone; start an official media driver for channel={channel}");
    }

    private void OnError(long correlationId, Exception exception)
    {
        _errorHandler.OnError(exception);
        if (exception is ControlProtocolException refused)
            _clientProxy.OnError(correlationId, refused.ErrorCode, refused.Message);
        else
            _clientProxy.OnError(
                correlationId,
                exception is IOException ? ErrorCode.STORAGE_SPACE : ErrorCode.GENERIC_ERROR,
                $"{exception.GetType().Name} : {exception.Message}");
    }
}
