using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Execution.Venues.Faults;

/// <summary>
/// A connection that breaks and returns, by event time: after each failed attempt the wait doubles, and a random share
/// is added so that many clients would not return at once.
/// </summary>
internal sealed class VenueLink(FaultOptions options) : IStateful
{
    private VenueDice _dice = new(options.Seed ^ 0x11E7);
    private long _changeNs = long.MinValue;
    private long _waitNs;

    public bool IsUp { get; private set; } = true;

    public long Disconnects { get; private set; }

    public long FailedReconnects { get; private set; }

    /// <summary>When the link changes, or tries to, next.</summary>
    public long NextNs => options.ConnectedNs == 0 ? long.MaxValue : _changeNs;

    /// <summary>Goes on by one change or attempt, which must be due. True when the link has returned by it.</summary>
    public bool TryReturn(long timeNs)
    {
        var dueNs = _changeNs;
        if (dueNs == long.MinValue)
        {
            _changeNs = timeNs + UpNs();
            return false;
        }

        if (IsUp)
        {
            IsUp = false;
            Disconnects++;
            _waitNs = options.ReconnectFirstNs;
        }
        else if (_dice.Hits(options.FailedReconnectBps))
        {
            FailedReconnects++;
            _waitNs = Math.Min(2 * _waitNs, options.ReconnectMaxNs);
        }
        else
        {
            IsUp = true;
            _changeNs = dueNs + UpNs();
            return true;
        }

        _changeNs = dueNs + _waitNs + _dice.UpToNs(_waitNs / 4);
        return false;
    }

    public void Transfer(StateStream state)
    {
        state.Value(ref _dice);
        state.Value(ref _changeNs);
        state.Value(ref _waitNs);
        IsUp = state.Next(IsUp);
        Disconnects = state.Next(Disconnects);
        FailedReconnects = state.Next(FailedReconnects);
    }

    private long UpNs() => Math.Max(1, options.ConnectedNs / 2 + _dice.UpToNs(options.ConnectedNs));
}
