using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Aeron.Protocol.Command;
using static ExecutionPipeline.Aeron.Protocol.LogBufferDescriptor;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>The driver's publications and subscriptions, and which of them are linked to which.</summary>
internal sealed class DriverStreams(
    MediaDriver.Context context,
    DriverDirectory directory,
    DriverClients clients,
    ClientProxy clientProxy,
    StreamCounters streamCounters,
    SystemCounters counters,
    IErrorHandler errorHandler,
    Turn turn,
    TurnTime time)
{
    private const int MaxErrorMessageLength = 1023;

    private readonly List<PublicationLink> _publicationLinks = [];
    private readonly List<SubscriptionLink> _subscriptionLinks = [];
    private readonly List<IpcPublication> _publications = [];
    private int _nextSessionId = BitUtil.GenerateRandomisedId();

    public SystemCounters Counters => counters;

    public void AddPublication(string channel, int streamId, long correlationId, long clientId, bool isExclusive)
    {
        var parameters = PublicationParams.Parse(channel, context, streamId, _publications);
        var responses = FindResponseSubscription(parameters);
        var client = clients.GetOrAdd(clientId);
        var publication = isExclusive ? null : FindShared(streamId, parameters.ResponseCorrelationId);
        var isNew = publication is null;
        if (publication is null)
            publication = CreatePublication(channel, streamId, correlationId, clientId, isExclusive, parameters);
        else
            parameters.CheckMatch(publication);

        _publicationLinks.Add(new PublicationLink(correlationId, client, publication));
        clientProxy.OnPublicationReady(publication, correlationId, isExclusive);
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
        clientProxy.OnOperationSucceeded(correlationId);
    }

    public void AddSubscription(string channel, int streamId, long registrationId, long clientId)
    {
        var link = new SubscriptionLink(registrationId, streamId, channel, clients.GetOrAdd(clientId));
        _subscriptionLinks.Add(link);
        clientProxy.OnSubscriptionReady(registrationId);
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
        clientProxy.OnOperationSucceeded(correlationId);
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
        clientProxy.OnPublicationError(publication, ErrorCode.IMAGE_REJECTED, reason);
        publication.Reject(this, time.TurnNs);
        Counters.Increment(SystemCounterId.ImagesRejected);
        clientProxy.OnOperationSucceeded(message.CorrelationId);
    }

    public void NextAvailableSessionId(long correlationId, int streamId) =>
        clientProxy.OnNextAvailableSessionId(correlationId, NextSessionId(streamId));

    /// <summary>Links a publication to every subscription that it matches and is not linked to.</summary>
    public void LinkSubscriptions(IpcPublication publication)
    {
        foreach (var link in _subscriptionLinks)
            LinkIfMatching(publication, link);
    }

    /// <summary>Takes a publication away from all its subscriptions.</summary>
    public void UnlinkSubscriptions(IpcPublication publication)
    {
        foreach (var link in _subscriptionLinks)
        {
            if (!link.IsLinked(publication))
                continue;

            NotifyUnavailableImage(publication, link);
            link.Unlink(publication);
        }
    }

    /// <summary>Tells a publication's subscriptions that it has ended.</summary>
    public void TransitionToLinger(IpcPublication publication)
    {
        foreach (var link in _subscriptionLinks)
        {
            if (link.IsLinked(publication))
                NotifyUnavailableImage(publication, link);
        }
    }

    public void NotifyUnavailableImage(IpcPublication publication, SubscriptionLink link) =>
        clientProxy.OnUnavailableImage(publication.RegistrationId, link);

    public void NotifyAvailableImage(IpcPublication publication, SubscriptionLink link, int positionCounterId) =>
        clientProxy.OnAvailableImage(publication, link.RegistrationId, positionCounterId);

    /// <summary>Moves the limits of all publications; returns how much was done.</summary>
    /// <param name="cycleNs">How long the driver's last turn took with the sleep behind it, in nanoseconds.</param>
    /// <param name="longestSleepNs">Becomes the longest sleep that every publication admits, in nanoseconds.</param>
    public int UpdateLimits(long cycleNs, out long longestSleepNs)
    {
        var workCount = 0;
        longestSleepNs = long.MaxValue;
        foreach (var publication in _publications)
        {
            workCount += publication.UpdatePublisherPositionAndLimit();
            longestSleepNs = Math.Min(longestSleepNs, publication.LongestSleepNs(cycleNs));
        }

        return workCount;
    }

    /// <summary>Lets publications see the time, and frees those that are done.</summary>
    public void CheckTimeouts(long nowNs)
    {
        for (var i = _publications.Count - 1; i >= 0; i--)
        {
            var publication = _publications[i];
            publication.OnTimeEvent(nowNs, this);
            if (publication.State != IpcPublication.Stage.Done)
                continue;

            foreach (var link in _subscriptionLinks)
                link.Unlink(publication);

            _publications.RemoveAt(i);
            Free(publication);
        }
    }

    /// <summary>Closes what clients that have ended held of publications and subscriptions.</summary>
    public void CloseLinksOfEndedClients()
    {
        foreach (var link in _publicationLinks)
        {
            if (link.Client.HasEnded)
                link.Close();
        }

        foreach (var link in _subscriptionLinks)
        {
            if (link.Client.HasEnded)
                link.Close();
        }

        _publicationLinks.RemoveAll(static link => link.Client.HasEnded);
        _subscriptionLinks.RemoveAll(static link => link.Client.HasEnded);
    }

    /// <summary>Frees every publication: the driver ends.</summary>
    public void Close()
    {
        foreach (var publication in _publications)
            Free(publication);
    }

    private void LinkIfMatching(IpcPublication publication, SubscriptionLink link)
    {
        if (!link.IsMatch(publication) || link.IsLinked(publication) || !publication.IsAcceptingSubscriptions)
            return;

        var key = new StreamKey(
            link.Client.ClientId, link.RegistrationId, publication.SessionId, link.StreamId, link.Channel);
        var position = streamCounters.SubscriberPosition(
            key, publication.JoinPosition(), publication.RegistrationId);
        link.Link(publication, position);
        publication.AddSubscriber(link, position, time.TurnNs);
        NotifyAvailableImage(publication, link, position.Id);
    }

    /// <summary>
    /// The subscription that gets the responses: those to the requests of this publication, or those that this
    /// publication holds; null when it has nothing to do with responses.
    /// </summary>
    private SubscriptionLink? FindResponseSubscription(PublicationParams parameters)
    {
        var id = parameters.ResponseCorrelationId;
        if (id == Client.Aeron.NULL_VALUE)
            return null;

        if (parameters.IsResponse)
        {
            var requests = _publications.Find(publication => publication.RegistrationId == id)
                ?? throw UriValues.Invalid(parameters.Uri, "response-correlation-id", $"{id}", "no such image");
            id = requests.ResponseCorrelationId;
        }

        return _subscriptionLinks.Find(link => link.IsResponse && link.RegistrationId == id)
            ?? throw UriValues.Invalid(
                parameters.Uri, "response-correlation-id", $"{parameters.ResponseCorrelationId}",
                "unable to find response subscription");
    }

    private IpcPublication? FindShared(int streamId, long responseCorrelationId) => _publications.Find(
        publication => publication.StreamId == streamId
            && publication.ResponseCorrelationId == responseCorrelationId
            && !publication.IsExclusive
            && publication.State == IpcPublication.Stage.Active);

    private IpcPublication CreatePublication(
        string channel,
        int streamId,
        long registrationId,
        long clientId,
        bool isExclusive,
        PublicationParams parameters)
    {
        if (parameters.RequestedSessionId is { } requested && IsSessionTaken(streamId, requested))
            throw new ControlProtocolException(
                ErrorCode.INVALID_CHANNEL,
                $"existing publication has clashing sessionId={requested} for streamId={streamId} channel={channel}");

        directory.CheckStorage(ComputeLogLength(parameters.TermLength, context.FilePageSize()));
        var sessionId = parameters.RequestedSessionId ?? NextSessionId(streamId);
        var log = LogBuffers.Create(
            directory.LogFileName(registrationId), parameters.TermLength, context.FilePageSize(),
            parameters.IsSparse);
        UnsafeBufferPosition? position = null;
        try
        {
            var type = isExclusive ? TypeExclusivePublication : TypeConcurrentPublication;
            InitLogMetaData(log, type, sessionId, streamId, registrationId, parameters);
            var key = new StreamKey(clientId, registrationId, sessionId, streamId, channel);
            position = streamCounters.PublisherPosition(key, isExclusive);
            var publication = new IpcPublication(
                registrationId, channel, streamId, sessionId, isExclusive, parameters, log, position,
                streamCounters.PublisherLimit(key), context, turn, _publications, time.TurnNs);
            _publications.Add(publication);
            LocalStreams.Add(log.FileName, publication);
            Counters.Get(SystemCounterId.BytesCurrentlyMapped).GetAndAdd(log.LogLength);
            return publication;
        }
        catch
        {
            position?.Dispose();
            log.Dispose();
            File.Delete(log.FileName);
            throw;
        }
    }

    private void InitLogMetaData(
        LogBuffers log, byte type, int sessionId, int streamId, long registrationId, PublicationParams parameters)
    {
        var metaData = log.MetaDataBuffer;
        DataHeaderFlyweight.WriteDefault(
            metaData, LogDefaultFrameHeaderOffset, sessionId, streamId, parameters.InitialTermId,
            parameters.TermOffset);
        metaData.PutInt(LogDefaultFrameHeaderLengthOffset, DataHeaderFlyweight.HEADER_LENGTH);
        metaData.PutLong(LogCorrelationIdOffset, registrationId);
        metaData.PutInt(LogInitialTermIdOffset, parameters.InitialTermId);
        metaData.PutInt(LogMtuLengthOffset, parameters.MtuLength);
        metaData.PutInt(LogTermLengthOffset, parameters.TermLength);
        metaData.PutInt(LogPageSizeOffset, context.FilePageSize());
        metaData.PutInt(LogPublicationWindowLengthOffset, parameters.PublicationWindowLength);
        metaData.PutInt(LogMaxResendOffset, parameters.MaxResend);
        metaData.PutLong(LogEntityTagOffset, parameters.EntityTag);
        metaData.PutLong(LogResponseCorrelationIdOffset, parameters.ResponseCorrelationId);
        metaData.PutLong(LogLingerTimeoutNsOffset, parameters.LingerTimeoutNs);
        metaData.PutLong(LogUntetheredWindowLimitTimeoutNsOffset, parameters.UntetheredWindowLimitTimeoutNs);
        metaData.PutLong(LogUntetheredLingerTimeoutNsOffset, parameters.UntetheredLingerTimeoutNs);
        metaData.PutLong(LogUntetheredRestingTimeoutNsOffset, parameters.UntetheredRestingTimeoutNs);
        metaData.PutByte(LogSparseOffset, parameters.IsSparse ? (byte)1 : (byte)0);
        metaData.PutByte(LogSignalEosOffset, parameters.IsSignalEos ? (byte)1 : (byte)0);
        metaData.PutByte(LogSpiesSimulateConnectionOffset, parameters.IsSpiesSimulateConnection ? (byte)1 : (byte)0);
        metaData.PutByte(LogIsResponseOffset, parameters.IsResponse ? (byte)1 : (byte)0);
        metaData.PutByte(LogTypeOffset, type);
        EndOfStreamPosition(metaData, long.MaxValue);
        InitTails(log, parameters);
    }

    private static void InitTails(LogBuffers log, PublicationParams parameters)
    {
        var metaData = log.MetaDataBuffer;
        var termCount = parameters.TermId - parameters.InitialTermId;
        var index = IndexByTermCount(termCount);
        metaData.PutLong(TailOffset(index), PackTail(parameters.TermId, parameters.TermOffset));
        for (var i = 1; i < PartitionCount; i++)
        {
            index = (index + 1) % PartitionCount;
            InitialiseTailWithTermId(metaData, index, parameters.TermId + i - PartitionCount);
        }

        ActiveTermCountOrdered(metaData, termCount);
    }

    private void Free(IpcPublication publication)
    {
        try
        {
            Counters.Get(SystemCounterId.BytesCurrentlyMapped).GetAndAdd(-publication.Log.LogLength);
            publication.Close();
        }
        catch (IOException exception)
        {
            Counters.Increment(SystemCounterId.FreeFails);
            errorHandler.OnError(exception);
        }
    }

    private int NextSessionId(int streamId)
    {
        while (true)
        {
            var sessionId = _nextSessionId++;
            if (sessionId >= context.PublicationReservedSessionIdLow()
                && sessionId <= context.PublicationReservedSessionIdHigh())
            {
                _nextSessionId = context.PublicationReservedSessionIdHigh() + 1;
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
