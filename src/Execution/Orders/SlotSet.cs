using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Execution.Orders;

/// <summary>
/// A set of slots that is walked by place. Adding and removing cost O(1), and the last one takes the place of one that
/// is removed. All memory is taken at start.
/// </summary>
internal sealed class SlotSet : IStateful
{
    private readonly int[] _slots;

    /// <summary>Of each slot: its place and 1; 0 where it is not in the set.</summary>
    private readonly int[] _placeOf;

    public SlotSet(int capacity)
    {
        _slots = new int[capacity];
        _placeOf = new int[capacity];
    }

    public int Count { get; private set; }

    public int this[int place] => _slots[place];

    public void Transfer(StateStream state)
    {
        state.Array(_slots);
        state.Array(_placeOf);
        Count = state.Next(Count);
    }

    public void Set(int slot, bool isIn)
    {
        if (isIn == (_placeOf[slot] != 0))
            return;

        if (isIn)
        {
            _slots[Count++] = slot;
            _placeOf[slot] = Count;
            return;
        }

        var last = _slots[--Count];
        _slots[_placeOf[slot] - 1] = last;
        _placeOf[last] = _placeOf[slot];
        _placeOf[slot] = 0;
    }
}
