using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Timers;

/// <summary>What a timer is cancelled by.</summary>
/// <param name="Place">Where it is kept.</param>
/// <param name="Id">Its identity: none is given twice.</param>
public readonly record struct TimerHandle(int Place, ulong Id);

/// <summary>A timer that is due.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Owner">Whom it was set for.</param>
/// <param name="Subject">What its owner set it for.</param>
/// <param name="DueNs">When it was due, nanoseconds since the Unix epoch, UTC.</param>
public readonly record struct DueTimer(ulong Id, TimerOwner Owner, ulong Subject, long DueNs)
{
    /// <summary>What the event says that tells its owner of it.</summary>
    public TimerTick Tick => new() { DueTimeNs = DueNs, TimerId = Id, Owner = Owner, Subject = Subject };
}

/// <summary>
/// Timers on event time: a hashed wheel whose slots are about a millisecond of due times each. Setting and cancelling
/// are O(1); taking costs the slots that time has passed since, at most one turn of the wheel, and what lies in them. A
/// timer is never early. Those that are due come by due time, then by identity, however far time jumps. All memory is
/// taken at start; one thread.
/// </summary>
public sealed class TimerWheel : IStateful
{
    /// <summary>
    /// The most timers of a pipeline that are set at a time: three for each parent order and each trade that it has
    /// room for.
    /// </summary>
    public const int PipelineCapacity = 131_072;

    private const int SlotShift = 20;
    private const int Slots = 1 << 12;
    private const int None = -1;

    private readonly Entry[] _entries;
    private readonly int[] _firstOfSlot = new int[Slots];
    private int _firstFree;
    private ulong _lastId;

    /// <summary>The millisecond that has been reached: every timer before it was taken.</summary>
    private long _tick;

    /// <param name="capacity">The most timers that are set at a time.</param>
    /// <param name="startNs">The time at the start.</param>
    public TimerWheel(int capacity, long startNs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _entries = new Entry[capacity];
        Renew(0);
        Array.Fill(_firstOfSlot, None);
        _tick = startNs >> SlotShift;
    }

    /// <summary>Timers that are set.</summary>
    public int Count { get; private set; }

    /// <summary>Sets a timer; one in the past is due at once. False when there is no room for another.</summary>
    public bool TrySet(long dueNs, TimerOwner owner, out TimerHandle handle) => TrySet(dueNs, owner, 0, out handle);

    /// <summary>The same for something that its owner knows by a number.</summary>
    public bool TrySet(long dueNs, TimerOwner owner, ulong subject, out TimerHandle handle)
    {
        handle = default;
        if (_firstFree == None)
            return false;

        var place = _firstFree;
        ref var entry = ref _entries[place];
        _firstFree = entry.Next;
        entry.Id = ++_lastId;
        entry.Owner = owner;
        entry.Subject = subject;
        entry.DueNs = dueNs;
        entry.Tick = Math.Max(dueNs >> SlotShift, _tick);
        Link(place, ref entry);
        Count++;
        handle = new TimerHandle(place, entry.Id);
        return true;
    }

    /// <summary>Whether the timer was set, and is no more.</summary>
    public bool TryCancel(TimerHandle handle)
    {
        if (handle.Id == 0 || _entries[handle.Place].Id != handle.Id)
            return false;

        Remove(handle.Place);
        return true;
    }

    /// <summary>
    /// Whether a timer of an owner, for a subject and a time, was set, and is no more; of several alike the last one
    /// set. It costs what lies in one slot.
    /// </summary>
    public bool TryRemove(TimerOwner owner, ulong subject, long dueNs)
    {
        var tick = Math.Max(dueNs >> SlotShift, _tick);
        for (var place = _firstOfSlot[tick & (Slots - 1)]; place != None; place = _entries[place].Next)
        {
            ref readonly var entry = ref _entries[place];
            if (entry.DueNs != dueNs || entry.Owner != owner || entry.Subject != subject)
                continue;

            Remove(place);
            return true;
        }

        return false;
    }

    /// <summary>Whether an owner has any timer set. All places are looked through: not for the hot path.</summary>
    public bool Holds(TimerOwner owner)
    {
        foreach (ref readonly var entry in _entries.AsSpan())
        {
            if (entry.Id != 0 && entry.Owner == owner)
                return true;
        }

        return false;
    }

    /// <summary>Takes the earliest timer that is due. False when none is.</summary>
    public bool TryTake(long nowNs, out DueTimer due)
    {
        due = default;
        if (Count == 0)
        {
            _tick = Math.Max(_tick, nowNs >> SlotShift);
            return false;
        }

        var place = AdvanceToDue(nowNs);
        if (place == None)
            return false;

        ref readonly var entry = ref _entries[place];
        due = new DueTimer(entry.Id, entry.Owner, entry.Subject, entry.DueNs);
        Remove(place);
        return true;
    }

    public void Transfer(StateStream state)
    {
        state.Expect(_entries.Length, "timers");
        var used = state.Next(EndOfUsed());
        state.Array(_entries.AsSpan(0, Math.Clamp(used, 0, _entries.Length)));
        if (state.IsReading)
            Renew(used);
        state.Array(_firstOfSlot, None);
        state.Value(ref _firstFree);
        state.Value(ref _lastId);
        state.Value(ref _tick);
        Count = state.Next(Count);
    }

    /// <summary>Behind the last place that was ever used; the others are as they were at the start.</summary>
    private int EndOfUsed()
    {
        var end = _entries.Length;
        while (end > 0 && _entries[end - 1].IsFresh(NextFree(end - 1)))
            end--;
        return end;
    }

    /// <summary>Makes the places from one on free, each leading to the next.</summary>
    private void Renew(int first)
    {
        for (var place = first; place < _entries.Length; place++)
            _entries[place] = new Entry { Next = NextFree(place) };
    }

    private int NextFree(int place) => place + 1 < _entries.Length ? place + 1 : None;

    private int AdvanceToDue(long nowNs)
    {
        var nowTick = nowNs >> SlotShift;
        for (var passed = 0; ; _tick++, passed++)
        {
            // Where a whole turn had nothing, so may have many more.
            if (passed == Slots)
                _tick = Math.Min(nowTick, EarliestTick());
            var place = EarliestOfTick(nowNs);
            if (place != None || _tick >= nowTick)
                return place;
        }
    }

    /// <summary>The slot holds timers of later turns of the wheel too.</summary>
    private int EarliestOfTick(long nowNs)
    {
        var earliest = None;
        for (var place = _firstOfSlot[_tick & (Slots - 1)]; place != None; place = _entries[place].Next)
        {
            ref readonly var entry = ref _entries[place];
            if (entry.Tick == _tick && entry.DueNs <= nowNs && (earliest == None || IsBefore(place, earliest)))
                earliest = place;
        }

        return earliest;
    }

    private bool IsBefore(int place, int other)
    {
        ref readonly var left = ref _entries[place];
        ref readonly var right = ref _entries[other];
        return left.DueNs < right.DueNs || (left.DueNs == right.DueNs && left.Id < right.Id);
    }

    /// <summary>Where a turn of the wheel had nothing that was due: what is set is looked through once.</summary>
    private long EarliestTick()
    {
        var earliest = long.MaxValue;
        foreach (ref readonly var entry in _entries.AsSpan())
        {
            if (entry.Id != 0)
                earliest = Math.Min(earliest, entry.Tick);
        }

        return earliest;
    }

    private void Link(int place, ref Entry entry)
    {
        ref var first = ref _firstOfSlot[entry.Tick & (Slots - 1)];
        entry.Previous = None;
        entry.Next = first;
        if (first != None)
            _entries[first].Previous = place;
        first = place;
    }

    private void Remove(int place)
    {
        ref var entry = ref _entries[place];
        if (entry.Previous == None)
            _firstOfSlot[entry.Tick & (Slots - 1)] = entry.Next;
        else
            _entries[entry.Previous].Next = entry.Next;
        if (entry.Next != None)
            _entries[entry.Next].Previous = entry.Previous;

        entry.Id = 0;
        entry.Next = _firstFree;
        _firstFree = place;
        Count--;
    }

    private struct Entry
    {
        public ulong Id;
        public ulong Subject;
        public long DueNs;
        public long Tick;
        public int Next;
        public int Previous;
        public TimerOwner Owner;

        /// <summary>Whether nothing was ever kept here.</summary>
        public readonly bool IsFresh(int next) =>
            Id == 0 && Subject == 0 && DueNs == 0 && Tick == 0 && Next == next && Previous == 0 && Owner == default;
    }
}
