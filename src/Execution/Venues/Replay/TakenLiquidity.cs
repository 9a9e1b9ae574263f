using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues.Replay;

/// <summary>
/// What own orders took of a recorded book, so that it is not taken twice: it is gone from a price as long as the
/// recorded orders still lie there. What leaves the book there is taken to be it.
/// </summary>
internal sealed class TakenLiquidity
{
    private const int Capacity = 64;

    private readonly (Side Side, long PriceE9, long Quantity)[] _entries = new (Side, long, long)[Capacity];
    private int _count;
    private int _next;

    public long At(Side side, long priceE9)
    {
        var place = Find(side, priceE9);
        return place < 0 ? 0 : _entries[place].Quantity;
    }

    public void Clear() => (_count, _next) = (0, 0);

    public void Add(Side side, long priceE9, long quantity)
    {
        var place = Find(side, priceE9);
        if (place < 0)
        {
            // With so many prices at once, the one taken from longest ago is forgotten.
            place = _count < Capacity ? _count++ : _next++ % Capacity;
            _entries[place] = (side, priceE9, 0);
        }

        _entries[place].Quantity += quantity;
    }

    public void Leave(Side side, long priceE9, long quantity)
    {
        var place = Find(side, priceE9);
        if (place < 0)
            return;

        _entries[place].Quantity -= quantity;
        if (_entries[place].Quantity <= 0)
            _entries[place] = _entries[--_count];
    }

    private int Find(Side side, long priceE9)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_entries[i].PriceE9 == priceE9 && _entries[i].Side == side)
                return i;
        }

        return -1;
    }
}
