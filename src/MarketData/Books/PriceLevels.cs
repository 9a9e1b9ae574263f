using System.Numerics;
using System.Runtime.CompilerServices;

namespace ExecutionPipeline.MarketData.Books;

/// <summary>
/// The price levels of one side, best first: a skip list over arrays. Finding, adding and removing a price takes
/// logarithmic time in the number of levels; the best is at hand. A level keeps its index as long as it exists, so an
/// order that stays at its price needs no search. Heights come from a hash of the price: equal inputs give equal lists.
/// </summary>
internal sealed class PriceLevels
{
    private const int None = -1;
    private const int MaxHeight = 10;

    // Prices are compared as keys: the sign is turned for bids, so that the best price is the least key on both sides.
    private readonly long _sign;
    private Node[] _nodes;
    private Links _head;
    private int _free = None;
    private int _used;

    public PriceLevels(bool isBid, int capacity)
    {
        _sign = isBid ? -1 : 1;
        _nodes = new Node[capacity];
        _head = Links.Empty();
    }

    public int Count { get; private set; }

    /// <summary>Index of the best level, or -1.</summary>
    public int BestIndex => _head[0];

    /// <summary>The best level; empty when there is none.</summary>
    public BookLevel Best => _head[0] == None ? default : this[_head[0]];

    public BookLevel this[int index]
    {
        get
        {
            ref readonly var node = ref _nodes[index];
            return new BookLevel(node.Key * _sign, node.Quantity, node.Orders);
        }
    }

    /// <summary>Index of the level after this one, or -1.</summary>
    public int Next(int index) => _nodes[index].Next[0];

    /// <summary>The ends of the level's queue; adding and removing orders leaves them to the caller.</summary>
    public ref QueueEnds Ends(int index) => ref _nodes[index].Ends;

    /// <summary>Index of a price's level, or -1.</summary>
    public int Find(long priceE9)
    {
        var key = priceE9 * _sign;
        var best = _head[0];
        if (best == None || _nodes[best].Key >= key)
            return best != None && _nodes[best].Key == key ? best : None;

        var index = Following(Before(key), 0);
        return index != None && _nodes[index].Key == key ? index : None;
    }

    /// <summary>Adds an order to its price's level, made when it is not there, and returns the index.</summary>
    public int Add(long priceE9, uint quantity)
    {
        var key = priceE9 * _sign;
        var path = Path(key);
        var index = Following(path[0], 0);
        if (index == None || _nodes[index].Key != key)
            index = Insert(key, in path);

        ref var node = ref _nodes[index];
        node.Quantity += quantity;
        node.Orders++;
        return index;
    }

    /// <summary>Changes the quantity of a level whose orders stay.</summary>
    public void Change(int index, long quantityDelta) => _nodes[index].Quantity += quantityDelta;

    /// <summary>Takes an order off its level, and the level away with its last order.</summary>
    public void Remove(int index, uint quantity)
    {
        ref var node = ref _nodes[index];
        node.Quantity -= quantity;
        node.Orders--;
        if (node.Orders == 0)
            Unlink(index);
    }

    public void Clear()
    {
        _head = Links.Empty();
        _free = None;
        _used = 0;
        Count = 0;
    }

    private int Insert(long key, in Links path)
    {
        var index = Take();
        ref var node = ref _nodes[index];
        node = new Node { Key = key, Height = HeightOf(key), Next = Links.Empty(), Ends = QueueEnds.Empty };
        for (var level = 0; level < node.Height; level++)
        {
            ref var before = ref LinkAfter(path[level], level);
            node.Next[level] = before;
            before = index;
        }

        Count++;
        return index;
    }

    private void Unlink(int index)
    {
        var path = Path(_nodes[index].Key);
        ref var node = ref _nodes[index];
        for (var level = 0; level < node.Height; level++)
            LinkAfter(path[level], level) = node.Next[level];

        node.Next[0] = _free;
        _free = index;
        Count--;
    }

    /// <summary>On each height, the last node whose key is less, or -1 for the head.</summary>
    private Links Path(long key)
    {
        var path = default(Links);
        var at = None;
        for (var level = MaxHeight - 1; level >= 0; level--)
        {
            for (var next = Following(at, level); next != None && _nodes[next].Key < key; next = Following(at, level))
                at = next;

            path[level] = at;
        }

        return path;
    }

    /// <summary>The last node whose key is less, or -1 for the head.</summary>
    private int Before(long key)
    {
        var at = None;
        for (var level = MaxHeight - 1; level >= 0; level--)
        {
            for (var next = Following(at, level); next != None && _nodes[next].Key < key; next = Following(at, level))
                at = next;
        }

        return at;
    }

    private int Following(int index, int level) => LinkAfter(index, level);

    private ref int LinkAfter(int index, int level)
    {
        if (index == None)
            return ref _head[level];

        return ref _nodes[index].Next[level];
    }

    private int Take()
    {
        if (_free != None)
        {
            var index = _free;
            _free = _nodes[index].Next[0];
            return index;
        }

        if (_used == _nodes.Length)
            Array.Resize(ref _nodes, _used * 2);

        return _used++;
    }

    private static int HeightOf(long key)
    {
        // A quarter of the nodes reaches each further height.
        var hash = (ulong)key * 0x9E3779B97F4A7C15;
        hash ^= hash >> 32;
        var zeros = BitOperations.TrailingZeroCount((uint)(hash * 0xD6E8FEB86659FD93 >> 32));
        return Math.Min(1 + zeros / 2, MaxHeight);
    }

    [InlineArray(MaxHeight)]
    private struct Links
    {
        private int _first;

        public static Links Empty()
        {
            var links = default(Links);
            ((Span<int>)links).Fill(None);
            return links;
        }
    }

    private struct Node
    {
        public long Key;
        public long Quantity;
        public int Orders;
        public int Height;
        public QueueEnds Ends;
        public Links Next;
    }
}
