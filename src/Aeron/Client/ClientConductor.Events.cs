using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Aeron.Protocol.Command;

namespace ExecutionPipeline.Aeron.Client;

internal sealed partial class ClientConductor
{
    private readonly Dictionary<long, AvailableCounterHandler> _availableCounterHandlers = [];
    private readonly Dictionary<long, UnavailableCounterHandler> _unavailableCounterHandlers = [];
    private readonly Dictionary<long, Action> _closeHandlers = [];
    private readonly PublicationErrorFrame _errorFrame = new();
    private long _nextHandlerId;

    public long AddAvailableCounterHandler(AvailableCounterHandler handler) =>
        AddHandler(_availableCounterHandlers, handler);

    public bool TryRemoveAvailableCounterHandler(AvailableCounterHandler handler) =>
        TryRemoveHandler(_availableCounterHandlers, handler);

    public bool TryRemoveAvailableCounterHandler(long id) => TryRemoveHandler(_availableCounterHandlers, id);

    public long AddUnavailableCounterHandler(UnavailableCounterHandler handler) =>
        AddHandler(_unavailableCounterHandlers, handler);

    public bool TryRemoveUnavailableCounterHandler(UnavailableCounterHandler handler) =>
        TryRemoveHandler(_unavailableCounterHandlers, handler);

    public bool TryRemoveUnavailableCounterHandler(long id) => TryRemoveHandler(_unavailableCounterHandlers, id);

    public long AddCloseHandler(Action handler) => AddHandler(_closeHandlers, handler);

    public bool TryRemoveCloseHandler(Action handler) => TryRemoveHandler(_closeHandlers, handler);

    public bool TryRemoveCloseHandler(long id) => TryRemoveHandler(_closeHandlers, id);

    /// <summary>True when the answer is to a command that nobody waits for in a call.</summary>
    public bool TryCompleteAsync(long correlationId) => _asyncCommands.Remove(correlationId);

    public void OnError(long correlationId, int errorCodeValue, string message)
    {
        var code = Enum.IsDefined((ErrorCode)errorCodeValue) ? (ErrorCode)errorCodeValue : ErrorCode.UNKNOWN_CODE_VALUE;
        var exception = new RegistrationException(correlationId, errorCodeValue, code, message);
        var wasAdding = _channelByPendingId.Remove(correlationId) | _resourceById.Remove(correlationId);
        if (_events.ReceivedCorrelationId == correlationId)
            _driverException = exception;
        else if (wasAdding)
            _asyncErrorById[correlationId] = exception;
        else
            HandleError(exception);
    }

    public void OnNewPublication(PublicationBuffersReadyFlyweight ready, bool isExclusive)
    {
        var id = ready.CorrelationId;
        _channelByPendingId.Remove(id, out var channel);
        var log = AcquireLogBuffers(ready.RegistrationId, ready.LogFileName, channel ?? NoChannel);
        var limit = new UnsafeBufferPosition(_cncFile.CountersValuesBuffer, ready.PublicationLimitCounterId);
        var key = new PublicationKey(
            ready.StreamId, ready.SessionId, ready.RegistrationId, id, ready.ChannelStatusCounterId);
        _resourceById[id] = isExclusive
            ? new ExclusivePublication(this, channel ?? NoChannel, key, limit, log)
            : new ConcurrentPublication(this, channel ?? NoChannel, key, limit, log);
    }

    public void OnNewSubscription(long correlationId, int channelStatusId)
    {
        if (_resourceById.GetValueOrDefault(correlationId) is Subscription subscription)
            subscription.ChannelStatusId = channelStatusId;
    }

    public void OnAvailableImage(ImageBuffersReadyFlyweight ready)
    {
        if (_resourceById.GetValueOrDefault(ready.SubscriptionRegistrationId) is not Subscription subscription)
            return;

        var image = new Image(
            subscription,
            ready.SessionId,
            new UnsafeBufferPosition(_cncFile.CountersValuesBuffer, ready.SubscriberPositionId),
            AcquireLogBuffers(ready.CorrelationId, ready.LogFileName, subscription.Channel),
            _context.SubscriberErrorHandler(),
            ready.SourceIdentity,
            ready.CorrelationId);
        subscription.AddImage(image);
        if (subscription.AvailableImageHandler is { } handler)
            Call(() => handler(image));
    }

    public void OnUnavailableImage(long correlationId, long subscriptionRegistrationId)
    {
        if (_resourceById.GetValueOrDefault(subscriptionRegistrationId) is not Subscription subscription)
            return;

        if (subscription.RemoveImage(correlationId) is not { } image)
            return;

        ReleaseLogBuffers(image.LogBuffers, image.CorrelationId, _context.ResourceLingerDurationNs());
        Notify(subscription.UnavailableImageHandler, image);
    }

    public void OnNewCounter(long correlationId, int counterId)
    {
        AddCounter(correlationId, correlationId, isStatic: false, counterId);
        OnAvailableCounter(correlationId, counterId);
    }

    public void OnStaticCounter(long correlationId, int counterId) => AddCounter(
        correlationId, CountersReader.GetCounterRegistrationId(counterId), isStatic: true, counterId);

    public void OnAvailableCounter(long registrationId, int counterId)
    {
        foreach (var handler in _availableCounterHandlers.Values)
            Call(() => handler(CountersReader, registrationId, counterId));
    }

    public void OnUnavailableCounter(long registrationId, int counterId)
    {
        foreach (var handler in _unavailableCounterHandlers.Values)
            Call(() => handler(CountersReader, registrationId, counterId));
    }

    public void OnPublicationError(PublicationErrorFrameFlyweight error)
    {
        foreach (var publication in _resourceById.Values.OfType<Publication>())
        {
            if (publication.OriginalRegistrationId == error.RegistrationId)
                Call(() => _context.PublicationErrorFrameHandler().OnPublicationError(_errorFrame.Set(error)));
        }
    }

    /// <summary>A channel's network endpoint failed: everything that uses the channel is told.</summary>
    public void OnChannelEndpointError(int statusId, string message)
    {
        foreach (var resource in _resourceById.Values)
        {
            if (resource is Subscription subscription && subscription.ChannelStatusId == statusId
                || resource is Publication publication && publication.ChannelStatusId == statusId)
                HandleError(new ChannelEndpointException(statusId, message));
        }
    }

    public void OnNextSessionId(int sessionId) => _nextSessionId = sessionId;

    public void OnClientTimeout(long clientId)
    {
        if (clientId != _clientId || _isClosed)
            return;

        Terminate();
        HandleError(new ClientTimeoutException("client timeout from driver"));
    }

    private void AddHandlersOf(Aeron.Context context)
    {
        if (context.AvailableCounterHandler() is { } available)
            AddHandler(_availableCounterHandlers, available);

        if (context.UnavailableCounterHandler() is { } unavailable)
            AddHandler(_unavailableCounterHandlers, unavailable);

        if (context.CloseHandler() is { } close)
            AddHandler(_closeHandlers, close);
    }

    private long AddHandler<T>(Dictionary<long, T> handlers, T handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        lock (_lock)
        {
            EnsureUsable();
            handlers.Add(++_nextHandlerId, handler);
            return _nextHandlerId;
        }
    }

    private bool TryRemoveHandler<T>(Dictionary<long, T> handlers, T handler)
        where T : Delegate
    {
        lock (_lock)
        {
            var id = handlers.FirstOrDefault(pair => pair.Value == handler).Key;
            return TryRemoveHandler(handlers, id);
        }
    }

    private bool TryRemoveHandler<T>(Dictionary<long, T> handlers, long id)
    {
        lock (_lock)
        {
            if (_isTerminating || _isClosed)
                return false;

            EnsureNotReentrant();
            return handlers.Remove(id);
        }
    }

    private void AddCounter(long correlationId, long registrationId, bool isStatic, int counterId)
    {
        _channelByPendingId.Remove(correlationId);
        _resourceById[correlationId] = new Counter(
            correlationId, registrationId, isStatic, this, _cncFile.CountersValuesBuffer, counterId);
    }

    private void Notify(UnavailableImageHandler? handler, Image image)
    {
        if (handler is not null)
            Call(() => handler(image));
    }

    private void NotifyCloseHandlers()
    {
        foreach (var handler in _closeHandlers.Values)
            Call(handler);
    }

    private void Call(Action callback)
    {
        _isInCallback = true;
        try
        {
            callback();
        }
        catch (Exception exception)
        {
            HandleError(exception);
        }
        finally
        {
            _isInCallback = false;
        }
    }
}
