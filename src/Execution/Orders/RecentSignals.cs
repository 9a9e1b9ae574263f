using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Orders;

/// <summary>
/// Remembers the last signals by their ids, so that one that comes twice is executed once. Each has a place in which
/// its answer can be kept for as long as it is remembered. A signal that is no younger than one that was forgotten may
/// be that one or another forgotten one, and is called so. O(1) for each signal; all memory is taken at start.
/// </summary>
public sealed class RecentSignals : IStateful
{
    private readonly IdIndex _places;
    private readonly Entry[] _entries;
    private int _next;
    private long _forgottenNs = long.MinValue;

    /// <param name="capacity">Signals remembered; at least 1.</param>
    public RecentSignals(int capacity)
    {
        _places = new IdIndex(capacity);
        _entries = new Entry[capacity];
    }

    /// <summary>Signals that had been taken in before.</summary>
    public long Repeated { get; private set; }

    /// <summary>Signals of which nobody can say whether they had been.</summary>
    public long Forgotten { get; private set; }

    /// <summary>
    /// Says whether a signal was taken in before, and remembers it; the oldest one is forgotten for it. Id 0 is no id:
    /// it is always new, and its answer has no place.
    /// </summary>
    /// <param name="id">Of the signal.</param>
    /// <param name="madeNs">When the signal was made; it is the same when the signal is sent again.</param>
    /// <param name="timeNs">Of the event. A signal that is ahead of its time is taken to be made then.</param>
    public SignalResolution Resolve(ulong id, long madeNs, long timeNs)
    {
        if (id == 0)
            return new SignalResolution { Place = -1 };

        if (_places.TryGet(id, out var place))
        {
            Repeated++;
            return new SignalResolution { Place = place, Standing = SignalStanding.Repeated };
        }

        var made = Math.Min(madeNs, timeNs);
        var isForgotten = made <= _forgottenNs;
        if (isForgotten)
            Forgotten++;

        return new SignalResolution
        {
            Place = Remember(id, made),
            Standing = isForgotten ? SignalStanding.Forgotten : SignalStanding.New,
        };
    }

    public void Transfer(StateStream state)
    {
        _places.Transfer(state);
        state.Array(_entries);
        state.Value(ref _next);
        state.Value(ref _forgottenNs);
        Repeated = state.Next(Repeated);
        Forgotten = state.Next(Forgotten);
    }

    private int Remember(ulong id, long madeNs)
    {
        var place = _next;
        ref var entry = ref _entries[place];
        if (_places.Count == _places.Capacity)
        {
            _places.TryRemove(entry.Id);
            _forgottenNs = Math.Max(_forgottenNs, entry.MadeNs);
        }

        entry = new Entry(id, madeNs);
        _places.TryAdd(id, place);
        _next = place + 1 == _entries.Length ? 0 : place + 1;
        return place;
    }

    private readonly record struct Entry(ulong Id, long MadeNs);
}
