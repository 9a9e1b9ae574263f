using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// The client's side of the conversation with the driver: sends commands, awaits answers, keeps the client alive and
/// watches whether the driver is. Its state is changed under one lock, by the conductor's turn or by an application's
/// call; polls and offers never take it.
/// </summary>
internal sealed class ClientConductor : IAgent
{
    private const long NoCorrelationId = -1;
    private const long ExplicitCloseLingerNs = 1_000_000_000;
    private const long NanosPerMilli = 1_000_000;
    private static readonly int VersionWithNextSessionId = SemanticVersion.Compose(1, 0, 0);

    private readonly object _lock = new();
    private readonly Aeron.Context _context;
    private readonly CncFile _cncFile;
    private readonly DriverProxy _driverProxy;
    private readonly DriverEventsAdapter _events;
    private readonly INanoClock _nanoClock;
    private readonly IIdleStrategy _awaitingIdleStrategy;
    private readonly AgentInvoker? _driverAgentInvoker;
    private readonly long _clientId;
    private readonly long _driverTimeoutMs;
    private readonly long _interServiceTimeoutNs;
    private readonly long _controlProtocolVersion;
    private readonly ClientLogs _logs;
    private readonly ClientCallbacks _callbacks;
    private readonly ClientResources _resources;
    private readonly ClientLiveness _liveness;
    private int _nextSessionId;
    private long _timeOfLastServiceNs;
    private bool _isTerminating;
    private volatile bool _isClosed;

    public ClientConductor(Aeron.Context context, CncFile cncFile, long clientId)
    {
        _context = context;
        _cncFile = cncFile;
        _clientId = clientId;
        _nanoClock = context.NanoClock();
        _awaitingIdleStrategy = context.AwaitingIdleStrategy();
        _driverAgentInvoker = context.DriverAgentInvoker();
        _driverTimeoutMs = context.DriverTimeoutMs();
        _interServiceTimeoutNs = cncFile.ClientLivenessTimeoutNs;
        _driverProxy = new DriverProxy(
            new ManyToOneRingBuffer(cncFile.ToDriverBuffer), clientId,
            LocalDrivers.Find(context.AeronDirectoryName()));
        _logs = new ClientLogs(context, clientId);
        _callbacks = new ClientCallbacks(context, HandleError);
        _resources = new ClientResources(this, context, cncFile.CountersValuesBuffer, _logs, _callbacks);
        _events = new DriverEventsAdapter(
            new CopyBroadcastReceiver(new BroadcastReceiver(cncFile.ToClientsBuffer)), this, _resources);
        CountersReader = new CountersReader(cncFile.CountersMetaDataBuffer, cncFile.CountersValuesBuffer);
        _controlProtocolVersion = DriverFile.ReadControlProtocolVersion(CountersReader);
        _timeOfLastServiceNs = _nanoClock.NanoTime();
        _liveness = new ClientLiveness(context, _driverProxy, CountersReader, clientId, _timeOfLastServiceNs);
    }

    public CountersReader CountersReader { get; }

    /// <summary>The application's handlers.</summary>
    public ClientCallbacks Callbacks => _callbacks;

    public bool IsClosed => _isClosed;

    public string RoleName() => "aeron-client-conductor";

    public void OnStart()
    {
    }

    public int DoWork()
    {
        // An application's call that holds the lock does the conductor's work itself.
        if (!Monitor.TryEnter(_lock))
            return 0;

        try
        {
            if (_isTerminating)
                throw new AgentTerminationException();

            return Service(NoCorrelationId);
        }
        finally
        {
            Monitor.Exit(_lock);
        }
    }

    public void OnClose()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;

            _isTerminating = true;
            _resources.CloseAll();
            _callbacks.OnClose();
            // Other threads may be in the middle of an offer or a poll.
            _awaitingIdleStrategy.Idle();
            if (_context.CloseLingerDurationNs() > 0)
                ThreadPark.SleepNs(_context.CloseLingerDurationNs());

            _logs.AbandonLingering();
            _driverProxy.ClientClose();
            _isClosed = true;
            _cncFile.Abandon();
        }
    }

    public Publication AddPublication(string channel, int streamId, bool isExclusive) =>
        Add<Publication>(() => SendAddPublication(channel, streamId, isExclusive), RemovePublication);

    public long AsyncAddPublication(string channel, int streamId, bool isExclusive) =>
        AsyncAdd(() => SendAddPublication(channel, streamId, isExclusive));

    public Subscription AddSubscription(
        string channel, int streamId, AvailableImageHandler? available, UnavailableImageHandler? unavailable) =>
        Add<Subscription>(() => SendAddSubscription(channel, streamId, available, unavailable), RemoveSubscription);

    public long AsyncAddSubscription(
        string channel, int streamId, AvailableImageHandler? available, UnavailableImageHandler? unavailable) =>
        AsyncAdd(() => SendAddSubscription(channel, streamId, available, unavailable));

    /// <summary>Adds a counter; with a registration id, one that outlives the client.</summary>
    public Counter AddCounter(int typeId, byte[] key, string label, long? registrationId) =>
        Add<Counter>(
            () => SendAddCounter(typeId, key, label, registrationId),
            // One that is to outlive its client may be somebody's by now.
            registrationId is null ? RemoveCounter : _resources.Forget);

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
            if (_resources.AsyncCommands.Contains(registrationId))
                Service(NoCorrelationId);

            if (_resources.AsyncErrorById.Remove(registrationId, out var error))
                throw error;

            var isPending = _resources.AsyncCommands.Contains(registrationId);
            return isPending ? null : _resources.ById.GetValueOrDefault(registrationId) as T;
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
            if (!_isClosed && !_isTerminating && _resources.AsyncCommands.Contains(correlationId))
                Service(NoCorrelationId);

            return !_isClosed && _resources.AsyncCommands.Contains(correlationId);
        }
    }

    public bool HasActiveCommands()
    {
        lock (_lock)
            return !_isClosed && _resources.AsyncCommands.Count > 0;
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
        publication => _resources.Close(publication, ExplicitCloseLingerNs),
        publication => _driverProxy.RemovePublication(registrationId, publication is { IsRevokedOnClose: true }));

    public void RemoveSubscription(long registrationId) => Remove<Subscription>(
        registrationId,
        subscription => _resources.Close(subscription, ExplicitCloseLingerNs),
        _ => _driverProxy.RemoveSubscription(registrationId));

    public void RemoveCounter(long correlationId) => Remove<Counter>(
        correlationId,
        counter => counter.InternalClose(),
        counter => counter is { IsStatic: true } ? NoCorrelationId : _driverProxy.RemoveCounter(correlationId));

    /// <summary>Adds a handler to those of <see cref="Callbacks"/>; returns the id to remove it by.</summary>
    public long AddHandler<T>(Dictionary<long, T> handlers, T handler)
    {
        lock (_lock)
        {
            EnsureUsable();
            return _callbacks.Add(handlers, handler);
        }
    }

    public bool TryRemoveHandler<T>(Dictionary<long, T> handlers, T handler)
        where T : Delegate
    {
        lock (_lock)
        {
            var id = handlers.FirstOrDefault(pair => pair.Value == handler).Key;
            return TryRemoveHandler(handlers, id);
        }
    }

    public bool TryRemoveHandler<T>(Dictionary<long, T> handlers, long id)
    {
        lock (_lock)
        {
            if (_isTerminating || _isClosed)
                return false;

            EnsureNotReentrant();
            return handlers.Remove(id);
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

    public void HandleError(Exception exception)
    {
        if (!_isClosed)
            _context.ErrorHandler().OnError(exception);
    }

    private T Add<T>(Func<long> send, Action<long> withdraw)
        where T : class
    {
        lock (_lock)
        {
            EnsureUsable();
            return Await<T>(send(), withdraw);
        }
    }

    private long AsyncAdd(Func<long> send)
    {
        lock (_lock)
        {
            EnsureUsable();
            var correlationId = send();
            _resources.AsyncCommands.Add(correlationId);
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
            var resource = _resources.ById.GetValueOrDefault(id);
            if (resource is not (null or T))
                throw new AeronException($"registration id is not a {typeof(T).Name}: {resource.GetType().Name}");

            if (!_resources.AsyncCommands.Remove(id) && resource is null)
                return;

            _resources.Forget(id);
            if (resource is not null)
                close((T)resource);

            var correlationId = send((T?)resource);
            if (correlationId != NoCorrelationId)
                _resources.AsyncCommands.Add(correlationId);
        }
    }

    private long SendAddPublication(string channel, int streamId, bool isExclusive)
    {
        ChannelParameters.Check(ChannelUri.Parse(channel));
        var id = _driverProxy.AddPublication(channel, streamId, isExclusive);
        _resources.ChannelByPendingId.Add(id, channel);
        return id;
    }

    private long SendAddSubscription(
        string channel, int streamId, AvailableImageHandler? available, UnavailableImageHandler? unavailable)
    {
        ChannelParameters.Check(ChannelUri.Parse(channel));
        var id = _driverProxy.AddSubscription(channel, streamId);
        _resources.ById.Add(id, new Subscription(this, channel, streamId, id, available, unavailable));
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
        _resources.ChannelByPendingId.Add(id, ClientResources.NoChannel);
        return id;
    }

    private T Await<T>(long correlationId, Action<long> withdraw)
        where T : class
    {
        try
        {
            AwaitResponse(correlationId);
        }
        catch (Exception exception)
        {
            if (exception == _resources.AwaitedError || _isTerminating)
                _resources.Forget(correlationId);
            else
                Withdraw(correlationId, withdraw);

            throw;
        }

        return (T)_resources.ById[correlationId];
    }

    /// <summary>
    /// Takes back what the driver was asked for and has not refused, as if nobody had waited for it: nobody would know
    /// of it, and a subscription that nobody polls stops its publishers.
    /// </summary>
    private void Withdraw(long correlationId, Action<long> withdraw)
    {
        try
        {
            _resources.AsyncCommands.Add(correlationId);
            withdraw(correlationId);
        }
        catch (AeronException exception)
        {
            // The ring is full. The caller hears why it was taken back.
            HandleError(exception);
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
        if (_callbacks.IsRunning)
            throw new AeronException("reentrant calls are not permitted during callbacks");
    }

    private int Service(long awaitedCorrelationId)
    {
        try
        {
            return CheckTimeouts(_nanoClock.NanoTime()) + _events.Receive(awaitedCorrelationId);
        }
        catch (Exception exception) when (exception is not AgentTerminationException)
        {
            if (_events.IsInvalid)
            {
                Terminate();
                exception = new AeronException("the driver's messages cannot be relied on any more", exception);
            }

            if (awaitedCorrelationId != NoCorrelationId)
                throw exception;

            HandleError(exception);
            return 0;
        }
    }

    private void AwaitResponse(long correlationId)
    {
        _resources.AwaitedError = null;
        var nowNs = _nanoClock.NanoTime();
        var deadlineNs = nowNs + _driverTimeoutMs * NanosPerMilli;
        CheckTimeouts(nowNs);
        _awaitingIdleStrategy.Reset();
        do
        {
            if (_driverAgentInvoker is null)
                _awaitingIdleStrategy.Idle();
            else
                _driverAgentInvoker.Invoke();

            Service(correlationId);
            if (_events.ReceivedCorrelationId != correlationId)
                continue;

            if (_resources.AwaitedError is null)
                return;

            throw _resources.AwaitedError;
        }
        while (deadlineNs - _nanoClock.NanoTime() > 0);

        throw new DriverTimeoutException(
            $"the media driver in {_context.AeronDirectoryName()} has not answered within {_driverTimeoutMs} ms");
    }

    private int CheckTimeouts(long nowNs)
    {
        if (_timeOfLastServiceNs + _context.IdleSleepDurationNs() - nowNs >= 0)
            return 0;

        if (_timeOfLastServiceNs + _interServiceTimeoutNs - nowNs < 0)
        {
            Terminate();
            throw new ConductorServiceTimeoutException(
                $"service interval exceeded: timeout={_interServiceTimeoutNs}ns "
                + $"interval={nowNs - _timeOfLastServiceNs}ns");
        }

        _timeOfLastServiceNs = nowNs;
        return CheckLiveness(nowNs) + _logs.FreeLingered(nowNs);
    }

    private int CheckLiveness(long nowNs)
    {
        try
        {
            return _liveness.Check(nowNs);
        }
        catch (AeronException)
        {
            Terminate();
            throw;
        }
    }

    private void Terminate()
    {
        _isTerminating = true;
        _resources.CloseAll();
    }
}
