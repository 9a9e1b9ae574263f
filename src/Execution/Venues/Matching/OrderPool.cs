using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues.Matching;

/// <summary>What matching touches of an order: half a cache line.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PooledOrder
{
    public ulong OrderId;

    /// <summary>The level it rests at, counted through all ladders.</summary>
    public int Place;

    /// <summary>Contracts shown.</summary>
    public int Quantity;

    /// <summary>Contracts that an iceberg has behind what it shows.</summary>
    public int Hidden;

    /// <summary>The neighbours in the queue, as indices; 0 for none.</summary>
    public int Previous;

    public int Next;

    /// <summary>The next order whose id has the same bucket.</summary>
    public int NextInBucket;

    public readonly int Leaves => Quantity + Hidden;
}

/// <summary>What is needed of an order now and then.</summary>
internal struct RestingTerms
{
    public uint OwnerId;

    /// <summary>What an iceberg shows at a time; 0 shows all.</summary>
    public int PeakQuantity;

    /// <summary>The limit that a stop-limit order has once it is triggered.</summary>
    public int LimitTicks;

    public OrderType Type;
    public TimeInForce TimeInForce;
}

/// <summary>
/// The orders of a book, in memory taken at the start, and the way from an id to its order. Ids that follow each other
/// share a cache line of the index, since orders that were sent together are asked for together; blocks of sixteen ids
/// are scattered by a hash, so that no pattern of ids makes a bucket long.
/// </summary>
internal sealed class OrderPool : IStateful
{
    private const int BlockBits = 4;

    private readonly PooledOrder[] _orders;
    private readonly RestingTerms[] _terms;
    private readonly int[] _buckets;
    private readonly int _blockShift;
    private int _free;
    private int _used;

    public OrderPool(int capacity)
    {
        // Index 0 stands for no order.
        _orders = new PooledOrder[capacity + 1];
        _terms = new RestingTerms[capacity + 1];
        var blocks = BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity >> (BlockBits - 1), 1));
        _buckets = new int[blocks << BlockBits];
        _blockShift = 64 - BitOperations.Log2(blocks);
    }

    public int Count { get; private set; }

    public bool IsFull => Count == _orders.Length - 1;

    /// <summary>One past the highest index in use so far.</summary>
    public int End => _used + 1;

    public ref PooledOrder this[int index] => ref _orders[index];

    public ref RestingTerms Terms(int index) => ref _terms[index];

    /// <summary>The index of an order, or 0.</summary>
    public int Find(ulong orderId)
    {
        var index = _buckets[BucketOf(orderId)];
        while (index != 0 && _orders[index].OrderId != orderId)
            index = _orders[index].NextInBucket;

        return index;
    }

    /// <summary>Makes an order of an id that is not there. The pool must not be full.</summary>
    public int Add(ulong orderId)
    {
        var index = _free;
        if (index == 0)
            index = ++_used;
        else
            _free = _orders[index].Next;

        Count++;
        ref var bucket = ref _buckets[BucketOf(orderId)];
        ref var order = ref _orders[index];
        order.OrderId = orderId;
        order.NextInBucket = bucket;
        bucket = index;
        return index;
    }

    public void Remove(int index)
    {
        ref var order = ref _orders[index];
        ref var link = ref _buckets[BucketOf(order.OrderId)];
        while (link != index)
            link = ref _orders[link].NextInBucket;

        link = order.NextInBucket;
        order.OrderId = 0;
        order.Next = _free;
        _free = index;
        Count--;
    }

    public void Transfer(StateStream state)
    {
        state.Array(_orders);
        state.Array(_terms);
        state.Array(_buckets);
        state.Value(ref _free);
        state.Value(ref _used);
        Count = state.Next(Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int BucketOf(ulong orderId)
    {
        // Fibonacci hashing of the block; a shift by 64 bits would be none, so one block is a case of its own.
        var block = _blockShift == 64 ? 0 : (orderId >> BlockBits) * 0x9E3779B97F4A7C15 >> _blockShift;
        return (int)(block << BlockBits | orderId & ((1 << BlockBits) - 1));
    }
}
