using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Aeron.Protocol.Command;

namespace ExecutionPipeline.Aeron.Driver;

internal sealed partial class DriverConductor
{
    private const int MaxErrorMessageLength = 1023;
    private const long NoOwner = -1;

    private int _nextSessionId = BitUtil.GenerateRandomisedId();

    public void AddPublication(string channel, int streamId, long correlationId, long clientId, bool isExclusive)
    {
        var parameters = PublicationParams.Parse(channel, _context, streamId, _publications);
        var responses = FindResponseSubscription(parameters);
        var client = GetOrAddClient(clientId);
        var publication = isExclusive ? null : FindShared(streamId, parameters.ResponseCorrelationId);
        var isNew = publication is null;
        if (publication is null)
            publication = CreatePublication(channel, streamId, correlationId, clientId, isExclusive, parameters);
        else
            parameters.CheckMatch(publication);

        _publicationLinks.Add(new PublicationLink(correlationId, client, publication));
        _clientProxy.OnPublicationReady(publication, correlationId, isExclusive);
        if (parameters.IsResponse)
            responses?.GetResponsesFrom(publication);

        if (isNew)
            LinkSubscriptions(publication);
    }

    public void RemovePublication(long registrationId, long correlationId, bool isRevoke)
    {
        var index = _publicationLinks.FindIndex(link => link.RegistrationId == registrationId);
        if (index < 0)
            throw new ControlProtocolException(
                ErrorCode.UNKNOWN_PUBLICATION, $"unknown publication: {registrationId}");

        var link = _publicationLinks[index];
        _publicationLinks.RemoveAt(index);
        if (isRevoke)
            link.Revoke();

        link.Close();
        _clientProxy.OnOperationSucceeded(correlationId);
    }

    public void AddSubscription(string channel, int streamId, long registrationId, long clientId)
    {
        var link = new SubscriptionLink(registrationId, streamId, channel, GetOrAddClient(clientId));
        _subscriptionLinks.Add(link);
        _clientProxy.OnSubscriptionReady(registrationId);
        foreach (var publication in _publications)
            LinkIfMatching(publication, link);
    }

    public void RemoveSubscription(long registrationId, long correlationId)
    {
        var index = _subscriptionLinks.FindIndex(link => link.RegistrationId == registrationId);
        if (index < 0)
            throw new ControlProtocolException(
                ErrorCode.UNKNOWN_SUBSCRIPTION, $"unknown subscription: {registrationId}");

        _subscriptionLinks[index].Close();
        _subscriptionLinks.RemoveAt(index);
        _clientProxy.OnOperationSucceeded(correlationId);
    }

    public void AddCounter(CounterMessageFlyweight message)
    {
        var client = GetOrAddClient(message.ClientId);
        var counter = _countersManager.NewCounter(
            message.Label, message.TypeId, message.Key, message.CorrelationId, message.ClientId);
        _counterLinks.Add(new CounterLink(message.CorrelationId, client, counter));
        _clientProxy.OnCounterReady(message.CorrelationId, counter.Id);
    }

    public void AddStaticCounter(CounterMessageFlyweight message)
    {
        GetOrAddClient(message.ClientId);
        var id = _countersManager.FindByTypeIdAndRegistrationId(message.TypeId, message.RegistrationId);
        if (id == CountersReader.NULL_COUNTER_ID)
        {
            id = _countersManager.Allocate(
                message.Label, message.TypeId, message.Key, message.RegistrationId, NoOwner);
        }
        else if (_countersManager.GetCounterOwnerId(id) != NoOwner)
        {
            throw new ControlProtocolException(
                ErrorCode.GENERIC_ERROR,
                $"cannot add static counter, because a non-static counter exists (counterId={id}) for "
                + $"typeId={message.TypeId} and registrationId={message.RegistrationId}");
        }

        _clientProxy.OnStaticCounter(message.CorrelationId, id);
    }

    public void RemoveCounter(long registrationId, long correlationId)
    {
        var index = _counterLinks.FindIndex(link => link.RegistrationId == registrationId);
        if (index < 0)
            throw new ControlProtocolException(ErrorCode.UNKNOWN_COUNTER, $"unknown counter: {registrationId}");

        _clientProxy.OnOperationSucceeded(correlationId);
        CloseCounter(_counterLinks[index]);
        _counterLinks.RemoveAt(index);
    }

    public void OnClientKeepalive(long clientId) => FindClient(clientId)?.OnKeepalive(_nowMs);

    public void OnClientClose(long clientId) => FindClient(clientId)?.OnClosedByCommand();

    public void TerminateDriver(ReadOnlySpan<byte> token)
    {
        if (_context.TerminationValidator()(token))
            _context.TerminationHook()?.Invoke();
    }

    public void RejectImage(RejectImageFlyweight message)
    {
        var reason = message.Reason;
        if (reason.Length > MaxErrorMessageLength)
            throw new ControlProtocolException(
                ErrorCode.GENERIC_ERROR, $"Invalidation reason must be {MaxErrorMessageLength} bytes or less");

        var imageId = message.ImageCorrelationId;
        var publication = _publications.Find(candidate => candidate.RegistrationId == imageId)
            ?? throw new ControlProtocolException(
                ErrorCode.GENERIC_ERROR, $"Unable to resolve image for correlationId={imageId}");
        _clientProxy.OnPublicationError(publication, ErrorCode.IMAGE_REJECTED, reason);
        publication.Reject(this, _timeOfLastTurnNs);
        Counters.Increment(SystemCounterId.ImagesRejected);
        _clientProxy.OnOperationSucceeded(message.CorrelationId);
    }

    public void NextAvailableSessionId(long correlationId, int streamId) =>
        _clientProxy.OnNextAvailableSessionId(correlationId, NextSessionId(streamId));

    private void CloseCounter(CounterLink link)
    {
        _clientProxy.OnUnavailableCounter(link.RegistrationId, link.Counter.Id);
        link.Counter.Dispose();
    }

    private DriverClient? FindClient(long clientId) => _clients.Find(client => client.ClientId == clientId);

    private DriverClient GetOrAddClient(long clientId)
    {
        if (FindClient(clientId) is { } known)
            return known;

        var heartbeat = _streamCounters.ClientHeartbeat(clientId, _nowMs);
        var client = new DriverClient(
            clientId, _context.ClientLivenessTimeoutNs(), heartbeat, _timeOfLastTurnNs);
        _clients.Add(client);
        _clientProxy.OnCounterReady(clientId, heartbeat.Id);
        return client;
    }

    private int NextSessionId(int streamId)
    {
        while (true)
        {
            var sessionId = _nextSessionId++;
            if (sessionId >= _context.PublicationReservedSessionIdLow()
                && sessionId <= _context.PublicationReservedSessionIdHigh())
            {
                _nextSessionId = _context.PublicationReservedSessionIdHigh() + 1;
                continue;
            }

            if (!IsSessionTaken(streamId, sessionId))
                return sessionId;
        }
    }

    private bool IsSessionTaken(int streamId, int sessionId) => _publications.Exists(
        publication => publication.StreamId == streamId
            && publication.SessionId == sessionId
            && publication.State is IpcPublication.Stage.Active or IpcPublication.Stage.Draining);
}
