using ExecutionPipeline.Aeron.Protocol;
using static ExecutionPipeline.Aeron.Protocol.LogBufferDescriptor;

namespace ExecutionPipeline.Aeron.Driver;

internal sealed partial class IpcPublication
{
    private readonly List<UntetheredSubscription> _untethered = [];
    private readonly long _unblockTimeoutNs;
    private readonly long _coolDownNs;
    private long _lastConsumerPosition;
    private long _timeOfLastConsumerMoveNs;
    private long _coolDownDeadlineNs;
    private bool _isInCoolDown;

    /// <summary>Moves the publication through its life. Called a few times a second.</summary>
    public void OnTimeEvent(long nowNs, DriverConductor conductor)
    {
        switch (State)
        {
            case Stage.Active:
                OnTimeEventWhenActive(nowNs, conductor);
                break;
            case Stage.Draining:
                OnTimeEventWhenDraining(conductor);
                break;
            case Stage.Linger when _refCount == 0:
                State = Stage.Done;
                break;
        }
    }

    /// <summary>Disconnects all subscribers for a while, as one of them asked.</summary>
    public void Reject(DriverConductor conductor, long nowNs)
    {
        if (!_isInCoolDown)
        {
            SetConnectedStatus(false);
            conductor.UnlinkSubscriptions(this);
            FreeSubscribers();
            _isInCoolDown = true;
        }

        _coolDownDeadlineNs = nowNs + _coolDownNs;
    }

    private void OnTimeEventWhenActive(long nowNs, DriverConductor conductor)
    {
        var producerPosition = ProducerPosition();
        if (IsPublicationRevoked(_metaData))
        {
            _publisherLimit.SetRelease(producerPosition);
            EndOfStreamPosition(_metaData, producerPosition);
            SetConnectedStatus(false);
            conductor.TransitionToLinger(this);
            conductor.Counters.Increment(SystemCounterId.PublicationsRevoked);
            State = Stage.Linger;
            return;
        }

        CheckUntethered(nowNs, conductor);
        SetConnectedStatus(_subscriberPositions.Length > 0);
        if (!IsExclusive)
            CheckForBlockedPublisher(producerPosition, nowNs, conductor);

        if (_isInCoolDown && _coolDownDeadlineNs - nowNs < 0)
        {
            _isInCoolDown = false;
            conductor.LinkSubscriptions(this);
        }
    }

    private void OnTimeEventWhenDraining(DriverConductor conductor)
    {
        var producerPosition = ProducerPosition();
        _publisherPosition.SetRelease(producerPosition);
        if (IsDrained(producerPosition))
        {
            conductor.TransitionToLinger(this);
            State = Stage.Linger;
            return;
        }

        var blockedPosition = _consumerPosition;
        foreach (var subscriber in _subscriberPositions)
            blockedPosition = Math.Max(blockedPosition, SubscriberPosition(subscriber, producerPosition));

        _consumerPosition = blockedPosition;
        if (LogBufferUnblocker.TryUnblock(
                Log.TermBuffers, _metaData, blockedPosition, TermLength, hasWriters: false))
            conductor.Counters.Increment(SystemCounterId.UnblockedPublications);
    }

    private void CheckForBlockedPublisher(long producerPosition, long nowNs, DriverConductor conductor)
    {
        if (_consumerPosition != _lastConsumerPosition || !IsPossiblyBlocked(producerPosition))
        {
            _timeOfLastConsumerMoveNs = nowNs;
            _lastConsumerPosition = _consumerPosition;
            return;
        }

        if (_timeOfLastConsumerMoveNs + _unblockTimeoutNs - nowNs < 0
            && LogBufferUnblocker.TryUnblock(Log.TermBuffers, _metaData, _consumerPosition, TermLength))
            conductor.Counters.Increment(SystemCounterId.UnblockedPublications);
    }

    private bool IsPossiblyBlocked(long producerPosition) =>
        ActiveTermCount(_metaData) != (int)(_consumerPosition >> _positionBitsToShift)
        || producerPosition > _consumerPosition;

    private void CheckUntethered(long nowNs, DriverConductor conductor)
    {
        var window = _params.PublicationWindowLength;
        var windowLimit = _consumerPosition - window + (window >> 2);
        for (var i = _untethered.Count - 1; i >= 0; i--)
        {
            var untethered = _untethered[i];
            var sinceUpdateNs = nowNs - untethered.TimeOfLastUpdateNs;
            switch (untethered.State)
            {
                case UntetheredSubscription.Stage.Active when untethered.Position.GetVolatile() > windowLimit:
                    untethered.TimeOfLastUpdateNs = nowNs;
                    break;
                case UntetheredSubscription.Stage.Active when sinceUpdateNs >= _params.UntetheredWindowLimitTimeoutNs:
                    conductor.NotifyUnavailableImage(this, untethered.Link);
                    untethered.MoveTo(UntetheredSubscription.Stage.Linger, nowNs);
                    break;
                case UntetheredSubscription.Stage.Linger when sinceUpdateNs >= _params.UntetheredLingerTimeoutNs:
                    LeaveOut(untethered, i, nowNs);
                    break;
                case UntetheredSubscription.Stage.Resting when sinceUpdateNs >= _params.UntetheredRestingTimeoutNs:
                    TakeBackIn(untethered, nowNs, conductor);
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

    private void TakeBackIn(UntetheredSubscription untethered, long nowNs, DriverConductor conductor)
    {
        untethered.Position.SetRelease(JoinPosition());
        _subscriberPositions = [.. _subscriberPositions, untethered.Position];
        conductor.NotifyAvailableImage(this, untethered.Link, untethered.Position.Id);
        untethered.MoveTo(UntetheredSubscription.Stage.Active, nowNs);
    }
}
