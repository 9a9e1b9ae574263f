using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// The application's handlers. What one throws goes to the error handler. While one runs, nothing may be added or
/// removed.
/// </summary>
internal sealed class ClientCallbacks
{
    private readonly Action<Exception> _onError;
    private readonly PublicationErrorFrame _errorFrame = new();
    private readonly IPublicationErrorFrameHandler _errorFrameHandler;
    private long _nextHandlerId;

    public ClientCallbacks(Aeron.Context context, Action<Exception> onError)
    {
        _onError = onError;
        _errorFrameHandler = context.PublicationErrorFrameHandler();
        if (context.AvailableCounterHandler() is { } available)
            Add(AvailableCounter, available);

        if (context.UnavailableCounterHandler() is { } unavailable)
            Add(UnavailableCounter, unavailable);

        if (context.CloseHandler() is { } close)
            Add(Close, close);
    }

    public Dictionary<long, AvailableCounterHandler> AvailableCounter { get; } = [];

    public Dictionary<long, UnavailableCounterHandler> UnavailableCounter { get; } = [];

    public Dictionary<long, Action> Close { get; } = [];

    /// <summary>Whether a handler is running.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Adds a handler; returns the id to remove it by.</summary>
    public long Add<T>(Dictionary<long, T> handlers, T handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        handlers.Add(++_nextHandlerId, handler);
        return _nextHandlerId;
    }

    public void OnAvailableCounter(CountersReader counters, long registrationId, int counterId)
    {
        foreach (var handler in AvailableCounter.Values)
            Call(() => handler(counters, registrationId, counterId));
    }

    public void OnUnavailableCounter(CountersReader counters, long registrationId, int counterId)
    {
        foreach (var handler in UnavailableCounter.Values)
            Call(() => handler(counters, registrationId, counterId));
    }

    public void OnAvailableImage(Subscription subscription, Image image)
    {
        if (subscription.AvailableImageHandler is { } handler)
            Call(() => handler(image));
    }

    public void OnUnavailableImage(Subscription subscription, Image image)
    {
        if (subscription.UnavailableImageHandler is { } handler)
            Call(() => handler(image));
    }

    public void OnPublicationError(Protocol.Command.PublicationErrorFrameFlyweight error) =>
        Call(() => _errorFrameHandler.OnPublicationError(_errorFrame.Set(error)));

    public void OnClose()
    {
        foreach (var handler in Close.Values)
            Call(handler);
    }

    private void Call(Action callback)
    {
        IsRunning = true;
        try
        {
            callback();
        }
        catch (Exception exception)
        {
            _onError(exception);
        }
        finally
        {
            IsRunning = false;
        }
    }
}
