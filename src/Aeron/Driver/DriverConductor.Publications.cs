using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using static ExecutionPipeline.Aeron.Protocol.LogBufferDescriptor;

namespace ExecutionPipeline.Aeron.Driver;

internal sealed partial class DriverConductor
{
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
        _clientProxy.OnUnavailableImage(publication.RegistrationId, link);

    public void NotifyAvailableImage(IpcPublication publication, SubscriptionLink link, int positionCounterId) =>
        _clientProxy.OnAvailableImage(publication, link.RegistrationId, positionCounterId);

    private void LinkIfMatching(IpcPublication publication, SubscriptionLink link)
    {
        if (!link.IsMatch(publication) || link.IsLinked(publication) || !publication.IsAcceptingSubscriptions)
            return;

        var key = new StreamKey(
            link.Client.ClientId, link.RegistrationId, publication.SessionId, link.StreamId, link.Channel);
        var position = _streamCounters.SubscriberPosition(
            key, publication.JoinPosition(), publication.RegistrationId);
        link.Link(publication, position);
        publication.AddSubscriber(link, position, _timeOfLastTurnNs);
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

        _directory.CheckStorage(ComputeLogLength(parameters.TermLength, _context.FilePageSize()));
        var sessionId = parameters.RequestedSessionId ?? NextSessionId(streamId);
        var log = LogBuffers.Create(
            _directory.LogFileName(registrationId), parameters.TermLength, _context.FilePageSize(),
            parameters.IsSparse);
        UnsafeBufferPosition? position = null;
        try
        {
            var type = isExclusive ? TypeExclusivePublication : TypeConcurrentPublication;
            InitLogMetaData(log, type, sessionId, streamId, registrationId, parameters);
            var key = new StreamKey(clientId, registrationId, sessionId, streamId, channel);
            position = _streamCounters.PublisherPosition(key, isExclusive);
            var publication = new IpcPublication(
                registrationId, channel, streamId, sessionId, isExclusive, parameters, log, position,
                _streamCounters.PublisherLimit(key), _context, _turn, _publications, _timeOfLastTurnNs);
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
        metaData.PutInt(LogPageSizeOffset, _context.FilePageSize());
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
}
