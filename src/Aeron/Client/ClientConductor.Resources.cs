using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

internal sealed partial class ClientConductor
{
    private const string NoChannel = "";

    private readonly Dictionary<long, object> _resourceById = [];
    private readonly Dictionary<long, string> _channelByPendingId = [];
    private readonly Dictionary<long, RegistrationException> _asyncErrorById = [];
    private readonly HashSet<long> _asyncCommands = [];
    private RegistrationException? _driverException;
    private int _nextSessionId;

    public Publication AddPublication(string channel, int streamId, bool isExclusive) =>
        Add<Publication>(() => SendAddPublication(channel, streamId, isExclusive));

    public long AsyncAddPublication(string channel, int streamId, bool isExclusive) =>
        AsyncAdd(() => SendAddPublication(channel, streamId, isExclusive));

    public Subscription AddSubscription(
        string channel, int streamId, AvailableImageHandler? available, UnavailableImageHandler? unavailable) =>
        Add<Subscription>(() => SendAddSubscription(channel, streamId, available, unavailable));

    public long AsyncAddSubscription(
        string channel, int streamId, AvailableImageHandler? available, UnavailableImageHandler? unavailable) =>
        AsyncAdd(() => SendAddSubscription(channel, streamId, available, unavailable));

    /// <summary>Adds a counter; with a registration id, one that outlives the client.</summary>
    public Counter AddCounter(int typeId, byte[] key, string label, long? registrationId) =>
        Add<Counter>(() => SendAddCounter(typeId, key, label, registrationId));

    public long AsyncAddCounter(int typeId, byte[] key, string label, long? registrationId) =>
        AsyncAdd(() => SendAddCounter(typeId, key, label, registrationId));

    /// <summary>Sends a command and waits until the driver has done it; returns the command's number.</summary>
    public long Execute(Func<DriverProxy, long> command)
    {
        lock (_lock)
        {
            EnsureUsable();
            var correlationId = command(_driverProxy);
            AwaitResponse(correlationId);
            return correlationId;
        }
    }

    /// <summary>Sends a command; returns the number by which to ask whether it is done.</summary>
    public long ExecuteAsync(Func<DriverProxy, long> command) => AsyncAdd(() => command(_driverProxy));

    /// <summary>What a command has led to; null while its answer has not come.</summary>
    public T? Find<T>(long registrationId)
        where T : class
    {
        lock (_lock)
        {
            EnsureUsable();
            if (_asyncCommands.Contains(registrationId))
                Service(NoCorrelationId);

            if (_asyncErrorById.Remove(registrationId, out var error))
                throw error;

            var isPending = _asyncCommands.Contains(registrationId);
            return isPending ? null : _resourceById.GetValueOrDefault(registrationId) as T;
        }
    }

    /// <summary>A channel's status by its counter: a channel without one works.</summary>
    public long ChannelStatus(int channelStatusId) => channelStatusId switch
    {
        ChannelEndpointStatus.NO_ID_ALLOCATED => ChannelEndpointStatus.ACTIVE,
        0 => ChannelEndpointStatus.INITIALIZING,
        _ => CountersReader.GetCounterValue(channelStatusId),
    };

    public bool IsCommandActive(long correlationId)
    {
        lock (_lock)
        {
            if (!_isClosed && !_isTerminating && _asyncCommands.Contains(correlationId))
                Service(NoCorrelationId);

            return !_isClosed && _asyncCommands.Contains(correlationId);
        }
    }

    public bool HasActiveCommands()
    {
        lock (_lock)
            return !_isClosed && _asyncCommands.Count > 0;
    }

    public int NextSessionId(int streamId)
    {
        if (_controlProtocolVersion < VersionWithNextSessionId)
            return BitUtil.GenerateRandomisedId();

        lock (_lock)
        {
            Execute(driver => driver.NextAvailableSessionId(streamId));
            return _nextSessionId;
        }
    }

    public void RemovePublication(long registrationId) => Remove<Publication>(
        registrationId,
        ClosePublication,
        publication => _driverProxy.RemovePublication(registrationId, publication is { IsRevokedOnClose: true }));

    public void RemoveSubscription(long registrationId) => Remove<Subscription>(
        registrationId,
        subscription => CloseSubscription(subscription, ExplicitCloseLingerNs),
        _ => _driverProxy.RemoveSubscription(registrationId));

    public void RemoveCounter(long correlationId) => Remove<Counter>(
        correlationId,
        counter => counter.InternalClose(),
        counter => counter is { IsStatic: true } ? NoCorrelationId : _driverProxy.RemoveCounter(correlationId));

    private T Add<T>(Func<long> send)
        where T : class
    {
        lock (_lock)
        {
            EnsureUsable();
            return Await<T>(send());
        }
    }

    private long AsyncAdd(Func<long> send)
    {
        lock (_lock)
        {
            EnsureUsable();
            var correlationId = send();
            _asyncCommands.Add(correlationId);
            return correlationId;
        }
    }

    /// <summary>
    /// Removes what was added, or is still being added, under an id. Does nothing for an id not in use.
    /// </summary>
    private void Remove<T>(long id, Action<T> close, Func<T?, long> send)
        where T : class
    {
        lock (_lock)
        {
            if (id == Aeron.NULL_VALUE || _isTerminating || _isClosed)
                return;

            EnsureNotReentrant();
            var resource = _resourceById.GetValueOrDefault(id);
            if (resource is not (null or T))
                throw new AeronException($"registration id is not a {typeof(T).Name}: {resource.GetType().Name}");

            if (!_asyncCommands.Remove(id) && resource is null)
                return;

            _channelByPendingId.Remove(id);
            _resourceById.Remove(id);
            if (resource is not null)
                close((T)resource);

            var correlationId = send((T?)resource);
            if (correlationId != NoCorrelationId)
                _asyncCommands.Add(correlationId);
        }
    }

    private void ClosePublication(Publication publication) => ClosePublication(publication, ExplicitCloseLingerNs);

    private void ClosePublication(Publication publication, long lingerNs)
    {
        publication.InternalClose();
        ReleaseLogBuffers(publication.LogBuffers, publication.OriginalRegistrationId, lingerNs);
    }

    private long SendAddPublication(string channel, int streamId, bool isExclusive)
    {
        ChannelParameters.Check(ChannelUri.Parse(channel));
        var id = _driverProxy.AddPublication(channel, streamId, isExclusive);
        _channelByPendingId.Add(id, channel);
        return id;
    }

    private long SendAddSubscription(
        string channel, int streamId, AvailableImageHandler? available, UnavailableImageHandler? unavailable)
    {
        ChannelParameters.Check(ChannelUri.Parse(channel));
        var id = _driverProxy.AddSubscription(channel, streamId);
        _resourceById.Add(id, new Subscription(this, channel, streamId, id, available, unavailable));
        return id;
    }

    private long SendAddCounter(int typeId, byte[] key, string label, long? registrationId)
    {
        if (key.Length > CountersDescriptor.MaxKeyLength)
            throw new ArgumentException($"key length out of bounds: {key.Length}");

        if (label.Length > CountersDescriptor.MaxLabelLength)
            throw new ArgumentException($"label length out of bounds: {label.Length}");

        var id = registrationId is null
            ? _driverProxy.AddCounter(typeId, key, label)
            : _driverProxy.AddStaticCounter(typeId, key, label, registrationId.Value);
        _channelByPendingId.Add(id, NoChannel);
        return id;
    }

    private T Await<T>(long correlationId)
        where T : class
    {
        try
        {
            AwaitResponse(correlationId);
        }
        catch
        {
            _channelByPendingId.Remove(correlationId);
            _resourceById.Remove(correlationId);
            throw;
        }

        return (T)_resourceById[correlationId];
    }

    private void ForceCloseResources()
    {
        foreach (var resource in _resourceById.Values.ToArray())
        {
            switch (resource)
            {
                case Publication publication:
                    ClosePublication(publication, _context.ResourceLingerDurationNs());
                    break;
                case Subscription subscription:
                    CloseSubscription(subscription, _context.ResourceLingerDurationNs());
                    break;
                case Counter { IsStatic: false } counter:
                    counter.InternalClose();
                    OnUnavailableCounter(counter.RegistrationId, counter.Id);
                    break;
            }
        }

        _resourceById.Clear();
    }

    private void CloseSubscription(Subscription subscription, long lingerNs)
    {
        foreach (var image in subscription.InternalClose())
        {
            ReleaseLogBuffers(image.LogBuffers, image.CorrelationId, lingerNs);
            Notify(subscription.UnavailableImageHandler, image);
        }
    }

    private void EnsureUsable()
    {
        if (_isClosed)
            throw new AeronException("Aeron client is closed");

        if (_isTerminating)
            throw new AeronException("Aeron client is terminating");

        EnsureNotReentrant();
    }

    private void EnsureNotReentrant()
    {
        if (_isInCallback)
            throw new AeronException("reentrant calls are not permitted during callbacks");
    }
}
