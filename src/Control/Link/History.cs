namespace ExecutionPipeline.Control.Link;

/// <summary>A message that is kept.</summary>
/// <param name="Sequence">Its number in the event log.</param>
/// <param name="Message">Header and block.</param>
public sealed record KeptMessage(long Sequence, byte[] Message);

/// <summary>A page of messages, newest first.</summary>
/// <param name="Items">What was found.</param>
/// <param name="Next">What to give as "before" for the page after this one; null: there is none.</param>
public sealed record MessagePage(IReadOnlyList<KeptMessage> Items, long? Next);

/// <summary>
/// The last messages of a kind by the order of their arrival; those with the same key take one another's place. The
/// oldest go when there are too many. Putting one costs the same however many there are, and a page costs what it
/// looks through: nobody waits for more than <see cref="ItemsPerLook"/> messages of it.
/// </summary>
/// <param name="capacity">Messages that are kept, beside those that are held.</param>
public sealed class History(int capacity)
{
    private const int ItemsPerLook = 1_024;
    private const int LeastSlots = 1_024;

    private readonly Lock _gate = new();

    // In the order of arrival; a message that another took the place of leaves a hole with its number.
    private readonly List<Slot> _slots = [];
    private readonly Dictionary<ulong, int> _slotOf = [];
    private int _first;
    private int _firstHeld;
    private int _firstOther;
    private int _held;
    private bool _isHeldLost;

    /// <summary>Messages that are held; beyond that the oldest of them goes, too.</summary>
    public int MostHeld { get; init; }

    /// <summary>
    /// Whether one had to go that should have been held, since the last <see cref="LeaveHeld"/> or
    /// <see cref="Clear"/>.
    /// </summary>
    public bool IsHeldLost
    {
        get
        {
            lock (_gate)
                return _isHeldLost;
        }
    }

    /// <summary>Messages that are kept, with those that are held.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _slotOf.Count;
        }
    }

    /// <summary>Keeps a message instead of the one with its key before it.</summary>
    /// <param name="key">What it is about.</param>
    /// <param name="sequence">Its number, greater than any before.</param>
    /// <param name="message">Header and block.</param>
    /// <param name="isHeld">Whether it stays, however many come after it, until another takes its place.</param>
    public void Put(ulong key, long sequence, ReadOnlySpan<byte> message, bool isHeld = false)
    {
        lock (_gate)
        {
            if (_slotOf.TryGetValue(key, out var before))
                Empty(before);
            _slotOf[key] = _slots.Count;
            _slots.Add(new Slot(key, sequence, message.ToArray(), isHeld));
            _held += isHeld ? 1 : 0;
            LeaveWhatIsTooMuch();
            if (_slots.Count > LeastSlots && _slots.Count > 2 * _slotOf.Count)
                Close();
        }
    }

    /// <summary>Keeps none any longer of those that are held and have a smaller number.</summary>
    public void LeaveHeld(long below)
    {
        lock (_gate)
        {
            for (var i = _first; i < _slots.Count && _slots[i].Sequence < below; i++)
            {
                if (!_slots[i].IsHeld)
                    continue;

                _slotOf.Remove(_slots[i].Key);
                Empty(i);
            }

            LeaveHoles();
            _isHeldLost = false;
        }
    }

    /// <summary>Keeps none any longer of those that are there.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _slots.Clear();
            _slotOf.Clear();
            (_first, _firstHeld, _firstOther, _held, _isHeldLost) = (0, 0, 0, 0, false);
        }
    }

    /// <summary>The message of a key; null: none is kept.</summary>
    public KeptMessage? Find(ulong key)
    {
        lock (_gate)
        {
            return _slotOf.TryGetValue(key, out var at)
                ? new KeptMessage(_slots[at].Sequence, _slots[at].Message!)
                : null;
        }
    }

    /// <summary>What is kept, newest first.</summary>
    /// <param name="isWanted">Which messages are.</param>
    /// <param name="before">Only messages with a smaller number; null: all.</param>
    /// <param name="limit">How many at most.</param>
    public MessagePage Page(Func<byte[], bool> isWanted, long? before, int limit)
    {
        List<KeptMessage> found = [];
        var below = before ?? long.MaxValue;
        while (found.Count <= limit && Look(below) is { Count: > 0 } items)
        {
            found.AddRange(items.Where(one => isWanted(one.Message)).Take(limit + 1 - found.Count));
            below = items[^1].Sequence;
        }

        return found.Count <= limit
            ? new MessagePage(found, null)
            : new MessagePage([.. found.Take(limit)], found[limit - 1].Sequence);
    }

    /// <summary>
    /// The next messages below a number. They are copied, so that the thread that fills it does not wait for a filter.
    /// </summary>
    private List<KeptMessage> Look(long below)
    {
        List<KeptMessage> items = [];
        lock (_gate)
        {
            for (var i = SlotAt(below) - 1; i >= _first && items.Count < ItemsPerLook; i--)
            {
                if (_slots[i].Message is { } message)
                    items.Add(new KeptMessage(_slots[i].Sequence, message));
            }
        }

        return items;
    }

    /// <summary>The first slot whose number is not below another.</summary>
    private int SlotAt(long sequence)
    {
        var (low, high) = (_first, _slots.Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (_slots[middle].Sequence < sequence)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void Empty(int slot)
    {
        _held -= _slots[slot].IsHeld ? 1 : 0;
        _slots[slot] = new Slot(0, _slots[slot].Sequence, null, IsHeld: false);
    }

    private void LeaveWhatIsTooMuch()
    {
        if (_slotOf.Count - _held > capacity)
            Leave(ref _firstOther, isHeld: false);
        if (_held <= MostHeld)
            return;

        Leave(ref _firstHeld, isHeld: true);
        _isHeldLost = true;
    }

    /// <summary>Leaves the oldest of those that are held, or of the others.</summary>
    /// <param name="from">None of them is before this slot.</param>
    /// <param name="isHeld">Which.</param>
    private void Leave(ref int from, bool isHeld)
    {
        while (_slots[from].Message is null || _slots[from].IsHeld != isHeld)
            from++;
        _slotOf.Remove(_slots[from].Key);
        Empty(from++);
        LeaveHoles();
    }

    /// <summary>Passes over the holes before the first message.</summary>
    private void LeaveHoles()
    {
        while (_first < _slots.Count && _slots[_first].Message is null)
            _first++;
    }

    /// <summary>Closes the holes, of which there are as many as messages.</summary>
    private void Close()
    {
        _slots.RemoveAll(static slot => slot.Message is null);
        for (var i = 0; i < _slots.Count; i++)
            _slotOf[_slots[i].Key] = i;
        (_first, _firstHeld, _firstOther) = (0, 0, 0);
    }

    private readonly record struct Slot(ulong Key, long Sequence, byte[]? Message, bool IsHeld);
}
