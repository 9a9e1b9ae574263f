using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Execution.Orders;

/// <summary>
/// An execution as the venue names it: its ids are unique for a venue and a trading day. The order is part of it, so
/// that an id that a venue wrongly gives twice loses no execution.
/// </summary>
/// <param name="Id">The venue's.</param>
/// <param name="OrderId">The pipeline's.</param>
/// <param name="Day">The trading day, in days since the Unix epoch.</param>
/// <param name="Venue">Index.</param>
public readonly record struct ExecutionKey(ulong Id, ulong OrderId, int Day, int Venue)
{
    /// <summary>Spreads the parts over 64 bits. Source of the constants: SplitMix64 (Steele, Lea and Flood, 2014).
    /// </summary>
    internal ulong Hash
    {
        get
        {
            var mixed = Id ^ (OrderId * 0x9E3779B97F4A7C15UL);
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed ^= ((ulong)(uint)Day << 32 | (uint)Venue) * 0x94D049BB133111EBUL;
            return mixed ^ (mixed >> 31);
        }
    }
}

/// <summary>
/// The last executions that were booked, so that one that a venue reports twice is booked once. All memory is taken at
/// start; each costs O(1). Two keys of one hash are told apart: the later one takes the earlier one's place.
/// </summary>
public sealed class RecentExecutions : IStateful
{
    private readonly IdIndex _places;
    private readonly ExecutionKey[] _keys;
    private int _next;

    /// <param name="capacity">Executions remembered.</param>
    public RecentExecutions(int capacity)
    {
        _places = new IdIndex(capacity);
        _keys = new ExecutionKey[capacity];
    }

    public bool Contains(in ExecutionKey key) => _places.TryGet(key.Hash, out var place) && _keys[place] == key;

    /// <summary>Remembers an execution that is not there; the oldest one is forgotten for it.</summary>
    public void Add(in ExecutionKey key)
    {
        var hash = key.Hash;
        if (_places.TryGet(hash, out var place))
        {
            _keys[place] = key;
            return;
        }

        if (_places.Count == _places.Capacity)
            _places.TryRemove(_keys[_next].Hash);
        _places.TryAdd(hash, _next);
        _keys[_next] = key;
        _next = _next + 1 == _keys.Length ? 0 : _next + 1;
    }

    public void Transfer(StateStream state)
    {
        _places.Transfer(state);
        state.Array(_keys);
        state.Value(ref _next);
    }
}
