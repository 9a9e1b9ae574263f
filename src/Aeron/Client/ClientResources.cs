using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Aeron.Protocol.Command;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// What a client has at its driver and what it has asked for, as the driver's messages say. It is used under the lock
/// of the conductor that owns it.
/// </summary>
internal sealed class ClientResources(
    ClientConductor owner, Aeron.Context context, UnsafeBuffer values, ClientLogs logs, ClientCallbacks callbacks)
{
    public const string NoChannel = "";

    /// <summary>Publications, subscriptions and counters, by the id of the command that added each.</summary>
    public Dictionary<long, object> ById { get; } = [];

    /// <summary>The channels of publications and counters that are being added, by the command's id.</summary>
    public Dictionary<long, string> ChannelByPendingId { get; } = [];

    /// <summary>Why commands that nobody waits for were refused, by their ids.</summary>
    public Dictionary<long, RegistrationException> AsyncErrorById { get; } = [];

    /// <summary>The commands that nobody waits for and whose answers have not come.</summary>
    public HashSet<long> AsyncCommands { get; } = [];

    /// <summary>Why the command that is waited for was refused; null: it was not.</summary>
    public RegistrationException? AwaitedError { get; set; }

    public void OnError(long correlationId, int errorCodeValue, string message, bool isAwaited)
    {
        var code = Enum.IsDefined((ErrorCode)errorCodeValue) ? (ErrorCode)errorCodeValue : ErrorCode.UNKNOWN_CODE_VALUE;
        var exception = new RegistrationException(correlationId, errorCodeValue, code, message);
        var wasAdding = ChannelByPendingId.Remove(correlationId) | ById.Remove(correlationId);
        if (isAwaited)
            AwaitedError = exception;
        else if (wasAdding)
            AsyncErrorById[correlationId] = exception;
        else
            owner.HandleError(exception);
    }

    public void OnNewPublication(PublicationBuffersReadyFlyweight ready, bool isExclusive)
    {
        var id = ready.CorrelationId;
        ChannelByPendingId.Remove(id, out var channel);
        var log = logs.Acquire(ready.RegistrationId, ready.LogFileName, channel ?? NoChannel);
        var limit = new UnsafeBufferPosition(values, ready.PublicationLimitCounterId);
        var key = new PublicationKey(
            ready.StreamId, ready.SessionId, ready.RegistrationId, id, ready.ChannelStatusCounterId);
        ById[id] = isExclusive
            ? new ExclusivePublication(owner, channel ?? NoChannel, key, limit, log)
            : new ConcurrentPublication(owner, channel ?? NoChannel, key, limit, log);
    }

    public void OnNewSubscription(long correlationId, int channelStatusId)
    {
        if (ById.GetValueOrDefault(correlationId) is Subscription subscription)
            subscription.ChannelStatusId = channelStatusId;
    }

    public void OnAvailableImage(ImageBuffersReadyFlyweight ready)
    {
        if (ById.GetValueOrDefault(ready.SubscriptionRegistrationId) is not Subscription subscription)
            return;

        var image = new Image(
            subscription,
            ready.SessionId,
            new UnsafeBufferPosition(values, ready.SubscriberPositionId),
            logs.Acquire(ready.CorrelationId, ready.LogFileName, subscription.Channel),
            context.SubscriberErrorHandler(),
            ready.SourceIdentity,
            ready.CorrelationId);
        subscription.AddImage(image);
        callbacks.OnAvailableImage(subscription, image);
    }

    public void OnUnavailableImage(long correlationId, long subscriptionRegistrationId)
    {
        if (ById.GetValueOrDefault(subscriptionRegistrationId) is not Subscription subscription)
            return;

        if (subscription.RemoveImage(correlationId) is not { } image)
            return;

        logs.Release(image.LogBuffers, image.CorrelationId, context.ResourceLingerDurationNs());
        callbacks.OnUnavailableImage(subscription, image);
    }

    public void OnNewCounter(long correlationId, int counterId)
    {
        AddCounter(correlationId, correlationId, isStatic: false, counterId);
        OnAvailableCounter(correlationId, counterId);
    }

    public void OnStaticCounter(long correlationId, int counterId) => AddCounter(
        correlationId, owner.CountersReader.GetCounterRegistrationId(counterId), isStatic: true, counterId);

    public void OnAvailableCounter(long registrationId, int counterId) =>
        callbacks.OnAvailableCounter(owner.CountersReader, registrationId, counterId);

    public void OnUnavailableCounter(long registrationId, int counterId) =>
        callbacks.OnUnavailableCounter(owner.CountersReader, registrationId, counterId);

    public void OnPublicationError(PublicationErrorFrameFlyweight error)
    {
        foreach (var publication in ById.Values.OfType<Publication>())
        {
            if (publication.OriginalRegistrationId == error.RegistrationId)
                callbacks.OnPublicationError(error);
        }
    }

    /// <summary>A channel's network endpoint failed: everything that uses the channel is told.</summary>
    public void OnChannelEndpointError(int statusId, string message)
    {
        foreach (var resource in ById.Values)
        {
            if (resource is Subscription subscription && subscription.ChannelStatusId == statusId
                || resource is Publication publication && publication.ChannelStatusId == statusId)
                owner.HandleError(new ChannelEndpointException(statusId, message));
        }
    }

    /// <summary>True when the answer is to a command that nobody waits for in a call.</summary>
    public bool TryCompleteAsync(long correlationId) => AsyncCommands.Remove(correlationId);

    public void CloseAll()
    {
        foreach (var resource in ById.Values.ToArray())
        {
            switch (resource)
            {
                case Publication publication:
                    Close(publication, context.ResourceLingerDurationNs());
                    break;
                case Subscription subscription:
                    Close(subscription, context.ResourceLingerDurationNs());
                    break;
                case Counter { IsStatic: false } counter:
                    counter.InternalClose();
                    OnUnavailableCounter(counter.RegistrationId, counter.Id);
                    break;
            }
        }

        ById.Clear();
    }

    public void Close(Publication publication, long lingerNs)
    {
        publication.InternalClose();
        logs.Release(publication.LogBuffers, publication.OriginalRegistrationId, lingerNs);
    }

    public void Close(Subscription subscription, long lingerNs)
    {
        foreach (var image in subscription.InternalClose())
        {
            logs.Release(image.LogBuffers, image.CorrelationId, lingerNs);
            callbacks.OnUnavailableImage(subscription, image);
        }
    }

    private void AddCounter(long correlationId, long registrationId, bool isStatic, int counterId)
    {
        ChannelByPendingId.Remove(correlationId);
        ById[correlationId] = new Counter(
            correlationId, registrationId, isStatic, owner, values, counterId);
    }

    /// <summary>Forgets a command that has failed.</summary>
    public void Forget(long correlationId)
    {
        AsyncCommands.Remove(correlationId);
        ChannelByPendingId.Remove(correlationId);
        ById.Remove(correlationId);
    }
}
