using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using static ExecutionPipeline.Aeron.Protocol.LogBufferDescriptor;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>
/// A publication within the machine: its log, and how far its publisher and subscribers are. Both write to memory that
/// the driver reads, so their positions are bounded before they are used.
/// </summary>
internal sealed class IpcPublication : ILocalStream
{
    private const long MinLocalSleepNs = 2_000_000;
    private const long MaxRemoteSleepNs = 4_000_000;

    private readonly UnsafeBuffer _metaData;
    private readonly UnsafeBufferPosition _publisherPosition;
    private readonly UnsafeBufferPosition _publisherLimit;
    private readonly PublicationParams _params;
    private readonly Turn _turn;
    private readonly List<IpcPublication> _all;
    private readonly int _positionBitsToShift;
    private readonly int _tripGain;
    private UnsafeBufferPosition[] _subscriberPositions = [];
    private long _tripLimit;
    private long _consumerPosition;
    private long _cleanPosition;
    private long _positionOfLastTurn;
    private int _refCount;
    private int _localUses;

    public IpcPublication(
        long registrationId,
        string channel,
        int streamId,
        int sessionId,
        bool isExclusive,
        PublicationParams parameters,
        LogBuffers log,
        UnsafeBufferPosition publisherPosition,
        UnsafeBufferPosition publisherLimit,
        MediaDriver.Context context,
        Turn turn,
        List<IpcPublication> all,
        long nowNs)
    {
        RegistrationId = registrationId;
        Channel = channel;
        StreamId = streamId;
        SessionId = sessionId;
        IsExclusive = isExclusive;
        Log = log;
        _params = parameters;
        _turn = turn;
        _all = all;
        _metaData = log.MetaDataBuffer;
        _publisherPosition = publisherPosition;
        _publisherLimit = publisherLimit;
        _positionBitsToShift = PositionBitsToShift(log.TermLength);
        _tripGain = parameters.PublicationWindowLength >> 3;
        _unblockTimeoutNs = context.PublicationUnblockTimeoutNs();
        _coolDownNs = context.ImageLivenessTimeoutNs();
        _consumerPosition = _cleanPosition = _lastConsumerPosition = _positionOfLastTurn = ProducerPosition();
        _timeOfLastConsumerMoveNs = nowNs;
        publisherPosition.SetRelease(_consumerPosition);
        publisherLimit.SetRelease(_consumerPosition);
    }

    public enum Stage
    {
        /// <summary>Somebody publishes.</summary>
        Active,

        /// <summary>Nobody publishes any more, and some subscriber has not read everything.</summary>
        Draining,

        /// <summary>Subscribers were told that the image is gone.</summary>
        Linger,

        /// <summary>The log can be deleted.</summary>
        Done,
    }

    public long RegistrationId { get; }

    public string Channel { get; }

    public int StreamId { get; }

    public int SessionId { get; }

    public bool IsExclusive { get; }

    public LogBuffers Log { get; }

    public Stage State { get; private set; }

    public int TermLength => Log.TermLength;

    public int MtuLength => _params.MtuLength;

    public long EntityTag => _params.EntityTag;

    public long ResponseCorrelationId => _params.ResponseCorrelationId;

    public int InitialTermId => _params.InitialTermId;

    public int StartingTermId => _params.TermId;

    public int StartingTermOffset => _params.TermOffset;

    public int PublisherLimitId => _publisherLimit.Id;

    public bool IsAcceptingSubscriptions =>
        !_isInCoolDown && (State == Stage.Active || (State == Stage.Draining && !IsDrained(ProducerPosition())));

    public void IncRef() => _refCount++;

    public void DecRef()
    {
        if (--_refCount > 0)
            return;

        var position = ProducerPosition();
        _publisherLimit.SetRelease(position);
        EndOfStreamPosition(_metaData, position);
        if (!IsPublicationRevoked(_metaData))
            State = Stage.Draining;
    }

    public void Revoke() => LogBufferDescriptor.Revoke(_metaData);

    /// <summary>Where a subscriber that joins now begins: with the one that is furthest behind.</summary>
    public long JoinPosition()
    {
        var position = _consumerPosition;
        foreach (var subscriber in _subscriberPositions)
            position = Math.Min(position, SubscriberPosition(subscriber, position));

        return position;
    }

    public void AddSubscriber(SubscriptionLink link, UnsafeBufferPosition position, long nowNs)
    {
        _subscriberPositions = [.. _subscriberPositions, position];
        if (!link.IsTether)
            _untethered.Add(new UntetheredSubscription(link, position, nowNs));

        SetConnectedStatus(true);
    }

    public void RemoveSubscriber(SubscriptionLink link, UnsafeBufferPosition position)
    {
        CountAsRead(position);
        RemovePosition(position);
        _untethered.RemoveAll(untethered => untethered.Link == link);
        position.Dispose();
        if (_subscriberPositions.Length == 0)
            SetConnectedStatus(false);
    }

    /// <summary>
    /// Lets the publisher write up to a window beyond the slowest subscriber, and zeroes what all have read. The work
    /// of a duty cycle: nothing is allocated.
    /// </summary>
    public int UpdatePublisherPositionAndLimit()
    {
        if (State != Stage.Active)
            return 0;

        var producerPosition = ProducerPosition();
        _publisherPosition.SetRelease(producerPosition);
        return _subscriberPositions.Length == 0 ? PullLimitIn() : PushLimitOut(producerPosition);
    }

    /// <inheritdoc/>
    public void Attach()
    {
        Interlocked.Increment(ref _localUses);
        MoveLimit();
    }

    /// <inheritdoc/>
    public void Detach() => Interlocked.Decrement(ref _localUses);

    /// <inheritdoc/>
    public void MoveLimit()
    {
        if (!_turn.TryTake())
            return;

        try
        {
            if (UpdatePublisherPositionAndLimit() == 0)
                return;

            // One interruption for all streams of clients that answer each other, instead of one for each.
            foreach (var publication in _all)
            {
                if (publication != this)
                    publication.UpdatePublisherPositionAndLimit();
            }
        }
        finally
        {
            _turn.Pass();
        }
    }

    /// <summary>
    /// How long the stream can do without the driver, in nanoseconds, as fast as it was since the turn before: until
    /// half of its window is used. One that is used up faster by publishers of this process does without it altogether,
    /// since they move the limit themselves; they are relieved of that only where it takes few turns.
    /// </summary>
    public long LongestSleepNs(long sinceLastTurnNs)
    {
        var position = _publisherPosition.Get();
        var used = position - _positionOfLastTurn;
        _positionOfLastTurn = position;
        var isLocal = Volatile.Read(ref _localUses) >= _refCount;
        var longest = isLocal ? long.MaxValue : MaxRemoteSleepNs;
        if (used <= 0)
            return longest;

        var halfWindowNs = (long)(0.5 * _params.PublicationWindowLength * sinceLastTurnNs / used);
        return isLocal && halfWindowNs < MinLocalSleepNs ? longest : Math.Min(longest, halfWindowNs);
    }

    /// <summary>Frees the counters and deletes the log.</summary>
    public void Close()
    {
        State = Stage.Done;
        LocalStreams.Remove(Log.FileName);
        _publisherPosition.Dispose();
        _publisherLimit.Dispose();
        FreeSubscribers();
        Log.Dispose();
        File.Delete(Log.FileName);
    }

    private void FreeSubscribers()
    {
        foreach (var subscriber in _subscriberPositions)
        {
            CountAsRead(subscriber);
            subscriber.Dispose();
        }

        // Those that rest are in no other list.
        foreach (var untethered in _untethered)
            untethered.Position.Dispose();

        _subscriberPositions = [];
        _untethered.Clear();
    }

    /// <summary>What a subscriber that leaves had not read does not count any more, and what it had does.</summary>
    private void CountAsRead(UnsafeBufferPosition position) =>
        _consumerPosition = Math.Max(_consumerPosition, SubscriberPosition(position, ProducerPosition()));

    private int PushLimitOut(long producerPosition)
    {
        var min = long.MaxValue;
        var max = _consumerPosition;
        foreach (var subscriber in _subscriberPositions)
        {
            var position = SubscriberPosition(subscriber, producerPosition);
            min = Math.Min(min, position);
            max = Math.Max(max, position);
        }

        _consumerPosition = max;
        var newLimit = min + _params.PublicationWindowLength;
        if (newLimit < _tripLimit)
            return 0;

        CleanBufferTo(min);
        // Releases the zeroes: pairs with the publisher's acquiring read of its limit.
        _publisherLimit.SetRelease(newLimit);
        _tripLimit = newLimit + _tripGain;
        return 1;
    }

    private int PullLimitIn()
    {
        if (_publisherLimit.Get() <= _consumerPosition)
            return 0;

        _tripLimit = _consumerPosition;
        _publisherLimit.SetRelease(_consumerPosition);
        CleanBufferTo(_consumerPosition);
        return 1;
    }

    private long ProducerPosition()
    {
        var rawTail = RawTailVolatile(_metaData);
        var termOffset = TermOffset(rawTail, TermLength);
        return ComputePosition(TermId(rawTail), termOffset, _positionBitsToShift, InitialTermId);
    }

    /// <summary>
    /// A subscriber's position, on a frame's boundary, not beyond what was written nor before what has been cleaned.
    /// </summary>
    private long SubscriberPosition(UnsafeBufferPosition position, long producerPosition) =>
        Math.Max(Math.Min(position.GetVolatile(), producerPosition) & -FrameDescriptor.FrameAlignment, _cleanPosition);

    private bool IsDrained(long producerPosition)
    {
        foreach (var subscriber in _subscriberPositions)
        {
            if (subscriber.GetVolatile() < producerPosition)
                return false;
        }

        return true;
    }

    private void CleanBufferTo(long position)
    {
        if (position <= _cleanPosition)
            return;

        var term = Log.TermBuffers[IndexByPosition(_cleanPosition, _positionBitsToShift)];
        var offset = (int)_cleanPosition & (TermLength - 1);
        var length = (int)Math.Min(position - _cleanPosition, TermLength - offset);
        term.ZeroPastCaches(offset + sizeof(long), length - sizeof(long));
        // The first frame's length goes last, so that nobody takes the rest for frames while it is being zeroed.
        term.PutLongRelease(offset, 0);
        _cleanPosition += length;
    }

    private void RemovePosition(UnsafeBufferPosition position) =>
        _subscriberPositions = Array.FindAll(_subscriberPositions, other => other != position);

    private void SetConnectedStatus(bool isConnected)
    {
        if (IsConnected(_metaData) != isConnected)
            SetConnected(_metaData, isConnected);
    }

    private readonly List<UntetheredSubscription> _untethered = [];
    private readonly long _unblockTimeoutNs;
    private readonly long _coolDownNs;
    private long _lastConsumerPosition;
    private long _timeOfLastConsumerMoveNs;
    private long _coolDownDeadlineNs;
    private bool _isInCoolDown;

    /// <summary>Moves the publication through its life. Called a few times a second.</summary>
    public void OnTimeEvent(long nowNs, DriverStreams streams)
    {
        switch (State)
        {
            case Stage.Active:
                OnTimeEventWhenActive(nowNs, streams);
                break;
            case Stage.Draining:
                OnTimeEventWhenDraining(nowNs, streams);
                break;
            case Stage.Linger when _refCount == 0:
                State = Stage.Done;
                break;
        }
    }

    /// <summary>Disconnects all subscribers for a while, as one of them asked.</summary>
    public void Reject(DriverStreams streams, long nowNs)
    {
        if (!_isInCoolDown)
        {
            SetConnectedStatus(false);
            streams.UnlinkSubscriptions(this);
            FreeSubscribers();
            _isInCoolDown = true;
        }

        _coolDownDeadlineNs = nowNs + _coolDownNs;
    }

    private void OnTimeEventWhenActive(long nowNs, DriverStreams streams)
    {
        var producerPosition = ProducerPosition();
        if (IsPublicationRevoked(_metaData))
        {
            _publisherLimit.SetRelease(producerPosition);
            EndOfStreamPosition(_metaData, producerPosition);
            SetConnectedStatus(false);
            streams.TransitionToLinger(this);
            streams.Counters.Increment(SystemCounterId.PublicationsRevoked);
            State = Stage.Linger;
            return;
        }

        CheckUntethered(_consumerPosition - _params.PublicationWindowLength / 4 * 3, nowNs, streams);
        SetConnectedStatus(_subscriberPositions.Length > 0);
        if (!IsExclusive)
            CheckForBlockedPublisher(producerPosition, nowNs, streams);

        if (_isInCoolDown && _coolDownDeadlineNs - nowNs < 0)
        {
            _isInCoolDown = false;
            streams.LinkSubscriptions(this);
        }
    }

    private void OnTimeEventWhenDraining(long nowNs, DriverStreams streams)
    {
        var producerPosition = ProducerPosition();
        _publisherPosition.SetRelease(producerPosition);
        // Who has not read everything is behind, by however little; told of the image's end, it would read no more.
        CheckUntethered(producerPosition - 1, nowNs, streams);
        if (IsDrained(producerPosition))
        {
            streams.TransitionToLinger(this);
            State = Stage.Linger;
            return;
        }

        var blockedPosition = _consumerPosition;
        foreach (var subscriber in _subscriberPositions)
            blockedPosition = Math.Max(blockedPosition, SubscriberPosition(subscriber, producerPosition));

        _consumerPosition = blockedPosition;
        if (LogBufferUnblocker.TryUnblock(
                Log.TermBuffers, _metaData, blockedPosition, TermLength, hasWriters: false))
            streams.Counters.Increment(SystemCounterId.UnblockedPublications);
    }

    private void CheckForBlockedPublisher(long producerPosition, long nowNs, DriverStreams streams)
    {
        if (_consumerPosition != _lastConsumerPosition || !IsPossiblyBlocked(producerPosition))
        {
            _timeOfLastConsumerMoveNs = nowNs;
            _lastConsumerPosition = _consumerPosition;
            return;
        }

        if (_timeOfLastConsumerMoveNs + _unblockTimeoutNs - nowNs < 0
            && LogBufferUnblocker.TryUnblock(Log.TermBuffers, _metaData, _consumerPosition, TermLength))
            streams.Counters.Increment(SystemCounterId.UnblockedPublications);
    }

    private bool IsPossiblyBlocked(long producerPosition) =>
        ActiveTermCount(_metaData) != (int)(_consumerPosition >> _positionBitsToShift)
        || producerPosition > _consumerPosition;

    /// <summary>Drops those that stay behind. Of a stream that has ended, one that reads on is waited for.</summary>
    /// <param name="limit">Who is not beyond it is behind.</param>
    private void CheckUntethered(long limit, long nowNs, DriverStreams streams)
    {
        for (var i = _untethered.Count - 1; i >= 0; i--)
        {
            var untethered = _untethered[i];
            var sinceUpdateNs = nowNs - untethered.TimeOfLastUpdateNs;
            var position = untethered.Position.GetVolatile();
            var isReadingOn = untethered.TryReach(position) && State == Stage.Draining;
            switch (untethered.State)
            {
                case UntetheredSubscription.Stage.Active when isReadingOn || position > limit:
                    untethered.TimeOfLastUpdateNs = nowNs;
                    break;
                case UntetheredSubscription.Stage.Active when sinceUpdateNs >= _params.UntetheredWindowLimitTimeoutNs:
                    streams.NotifyUnavailableImage(this, untethered.Link);
                    untethered.MoveTo(UntetheredSubscription.Stage.Linger, nowNs);
                    break;
                case UntetheredSubscription.Stage.Linger when sinceUpdateNs >= _params.UntetheredLingerTimeoutNs:
                    LeaveOut(untethered, i, nowNs);
                    break;
                case UntetheredSubscription.Stage.Resting
                    when State == Stage.Active && sinceUpdateNs >= _params.UntetheredRestingTimeoutNs:
                    TakeBackIn(untethered, nowNs, streams);
                    break;
            }
        }
    }

    private void LeaveOut(UntetheredSubscription untethered, int index, long nowNs)
    {
        RemovePosition(untethered.Position);
        if (untethered.Link.IsRejoin)
        {
            untethered.MoveTo(UntetheredSubscription.Stage.Resting, nowNs);
            return;
        }

        _untethered.RemoveAt(index);
        untethered.Link.Unlink(this);
        untethered.Position.Dispose();
    }

    private void TakeBackIn(UntetheredSubscription untethered, long nowNs, DriverStreams streams)
    {
        untethered.Position.SetRelease(JoinPosition());
        _subscriberPositions = [.. _subscriberPositions, untethered.Position];
        streams.NotifyAvailableImage(this, untethered.Link, untethered.Position.Id);
        untethered.MoveTo(UntetheredSubscription.Stage.Active, nowNs);
    }
}
