using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

internal sealed partial class ClientConductor
{
    private readonly Dictionary<long, object> _resourceById = [];
    private readonly Dictionary<long, string> _channelByPublicationId = [];
    private readonly Dictionary<long, RegistrationException> _asyncErrorById = [];
    private readonly HashSet<long> _asyncCommands = [];
    private RegistrationException? _driverException;
    private int _nextSessionId;

    public Publication AddPublication(string channel, int streamId, bool isExclusive)
    {
        lock (_lock)
        {
            EnsureUsable();
            var id = SendAddPublication(channel, streamId, isExclusive);
            return Await<Publication>(id);
        }
    }

    public long AsyncAddPublication(string channel, int streamId, bool isExclusive)
    {
        lock (_lock)
        {
            EnsureUsable();
            var id = SendAddPublication(channel, streamId, isExclusive);
            _asyncCommands.Add(id);
            return id;
        }
    }

    public Subscription AddSubscription(
        string channel, int streamId, AvailableImageHandler? available, UnavailableImageHandler? unavailable)
    {
        lock (_lock)
        {
            EnsureUsable();
            var id = SendAddSubscription(channel, streamId, available, unavailable);
            return Await<Subscription>(id);
        }
    }

    public long AsyncAddSubscription(
        string channel, int streamId, AvailableImageHandler? available, UnavailableImageHandler? unavailable)
    {
        lock (_lock)
        {
            EnsureUsable();
            var id = SendAddSubscription(channel, streamId, available, unavailable);
            _asyncCommands.Add(id);
            return id;
        }
    }

    public Counter AddCounter(int typeId, ReadOnlySpan<byte> key, string label)
    {
        lock (_lock)
        {
            EnsureUsable();
            CheckCounter(key, label);
            return Await<Counter>(_driverProxy.AddCounter(typeId, key, label));
        }
    }

    public Counter AddStaticCounter(int typeId, ReadOnlySpan<byte> key, string label, long registrationId)
    {
        lock (_lock)
        {
            EnsureUsable();
            CheckCounter(key, label);
            return Await<Counter>(_driverProxy.AddStaticCounter(typeId, key, label, registrationId));
        }
    }

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
    public long ChannelStatus(int channelStatusId)
    {
        const int noCounter = -1;
        const long active = 1;
        return channelStatusId == noCounter ? active : CountersReader.GetCounterValue(channelStatusId);
    }

    public bool IsCommandActive(long correlationId)
    {
        lock (_lock)
        {
            if (!_isClosed && !_isTerminating && _asyncCommands.Contains(correlationId))
                Service(NoCorrelationId);

            return _asyncCommands.Contains(correlationId);
        }
    }

    public int NextSessionId(int streamId)
    {
        lock (_lock)
        {
            EnsureUsable();
            AwaitResponse(_driverProxy.NextAvailableSessionId(streamId));
            return _nextSessionId;
        }
    }

    public void RejectImage(long correlationId, long position, string reason)
    {
        lock (_lock)
        {
            EnsureUsable();
            AwaitResponse(_driverProxy.RejectImage(correlationId, position, reason));
        }
    }

    public void RemovePublication(Publication publication)
    {
        lock (_lock)
        {
            if (_isTerminating || _isClosed || publication.IsClosed)
                return;

            EnsureNotReentrant();
            publication.InternalClose();
            if (!_resourceById.Remove(publication.RegistrationId))
                return;

            ReleaseLogBuffers(publication.LogBuffers, publication.OriginalRegistrationId, ExplicitCloseLingerNs);
            _asyncCommands.Add(
                _driverProxy.RemovePublication(publication.RegistrationId, publication.IsRevokedOnClose));
        }
    }

    public void RemoveSubscription(Subscription subscription)
    {
        lock (_lock)
        {
            if (_isTerminating || _isClosed || subscription.IsClosed)
                return;

            EnsureNotReentrant();
            _resourceById.Remove(subscription.RegistrationId);
            CloseSubscription(subscription, ExplicitCloseLingerNs);
            _asyncCommands.Add(_driverProxy.RemoveSubscription(subscription.RegistrationId));
        }
    }

    public void RemoveCounter(Counter counter)
    {
        lock (_lock)
        {
            if (_isTerminating || _isClosed)
                return;

            EnsureNotReentrant();
            if (_resourceById.Remove(counter.RegistrationId))
                _asyncCommands.Add(_driverProxy.RemoveCounter(counter.RegistrationId));
        }
    }

    private long SendAddPublication(string channel, int streamId, bool isExclusive)
    {
        ChannelUri.Parse(channel);
        var id = _driverProxy.AddPublication(channel, streamId, isExclusive);
        _channelByPublicationId.Add(id, channel);
        return id;
    }

    private long SendAddSubscription(
        string channel, int streamId, AvailableImageHandler? available, UnavailableImageHandler? unavailable)
    {
        ChannelUri.Parse(channel);
        var id = _driverProxy.AddSubscription(channel, streamId);
        _resourceById.Add(id, new Subscription(this, channel, streamId, id, available, unavailable));
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
            _channelByPublicationId.Remove(correlationId);
            _resourceById.Remove(correlationId);
            throw;
        }

        return (T)_resourceById[correlationId];
    }

    private void ForceCloseResources()
    {
        foreach (var resource in _resourceById.Values.ToArray())
        {
            if (resource is Publication publication)
            {
                publication.InternalClose();
                ReleaseLogBuffers(
                    publication.LogBuffers, publication.OriginalRegistrationId, _context.ResourceLingerDurationNs());
            }
            else if (resource is Subscription subscription)
            {
                CloseSubscription(subscription, _context.ResourceLingerDurationNs());
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

    private static void CheckCounter(ReadOnlySpan<byte> key, string label)
    {
        if (key.Length > CountersDescriptor.MaxKeyLength)
            throw new ArgumentException($"key of {key.Length} bytes exceeds {CountersDescriptor.MaxKeyLength}");

        if (label.Length > CountersDescriptor.MaxLabelLength)
            throw new ArgumentException($"label of {label.Length} bytes exceeds {CountersDescriptor.MaxLabelLength}");
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
