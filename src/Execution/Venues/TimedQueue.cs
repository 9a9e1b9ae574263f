using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>
/// Messages that are on their way until their time has come: the earliest first, of equal times the one sent first. All
/// memory is taken at start.
/// </summary>
/// <param name="capacity">The most messages on their way at once.</param>
internal sealed class TimedQueue<T>(int capacity)
    where T : unmanaged
{
    private readonly T[] _messages = new T[capacity + 1];
    private readonly int[] _free = new int[capacity + 1];
    private readonly ExpiryHeap _due = new(capacity + 1);
    private int _freeCount;
    private int _used;

    public int Count => _used - _freeCount;

    public bool IsFull => Count == capacity;

    /// <summary>When the next message is due; the greatest time that there is when none is on its way.</summary>
    public long NextNs => _due.NextNs;

    /// <summary>Room for a message that is due at a time, to be written. The queue must not be full.</summary>
    public ref T Add(long dueNs)
    {
        var slot = _freeCount > 0 ? _free[--_freeCount] : ++_used;
        _due.Add(slot, dueNs);
        return ref _messages[slot];
    }

    /// <summary>Takes the next message that is due by a time. False when none is.</summary>
    public bool TryTake(long timeNs, out T message, out long dueNs)
    {
        dueNs = _due.NextNs;
        if (dueNs > timeNs || Count == 0)
        {
            message = default;
            return false;
        }

        var slot = _due.First;
        _due.Remove(slot);
        message = _messages[slot];
        _free[_freeCount++] = slot;
        return true;
    }

    public void Transfer(StateStream state)
    {
        state.Array(_messages);
        state.Array(_free);
        _due.Transfer(state);
        state.Value(ref _freeCount);
        state.Value(ref _used);
    }
}

/// <summary>
/// Random numbers by seed and counter, so that the same events give the same numbers in each run (the finaliser of
/// Steele, Lea and Flood's SplitMix64, 2014).
/// </summary>
/// <param name="seed">Any number.</param>
internal struct VenueDice(ulong seed)
{
    private ulong _drawn;

    /// <summary>A number below a bound of 1 to 2^32.</summary>
    public long Below(long bound) => (long)((ulong)(Next() >> 32) * (ulong)bound >> 32);

    /// <summary>A number from 0 up to a time, in nanoseconds; 0 where there is none.</summary>
    public long UpToNs(long mostNs) => mostNs <= 0 ? 0 : (long)(Next() % ((ulong)mostNs + 1));

    /// <summary>Whether something happens that does so in a share of all cases, in basis points.</summary>
    public bool Hits(int shareBps) => shareBps > 0 && Below(10_000) < shareBps;

    private ulong Next()
    {
        var mixed = seed + ++_drawn * 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}

/// <summary>What is sent to a venue or comes from one.</summary>
internal enum VenueMessageKind : byte
{
    Submit,
    Cancel,
    Replace,
    Status,
    OpenOrders,
    Report,
}

/// <summary>A request or a report on its way.</summary>
internal struct VenueMessage
{
    public VenueMessageKind Kind;
    public int Participant;
    public Order Order;
    public OrderTerms Terms;
    public ExecutionReport Report;
}
