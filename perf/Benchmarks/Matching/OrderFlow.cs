using System.Buffers.Binary;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Benchmarks.Matching;

/// <summary>What a message of an order flow asks for.</summary>
public enum FlowRequest : byte
{
    New = 0,
    Cancel = 1,
    Replace = 2,
}

/// <summary>One message of an order flow. Prices are in ticks, quantities in contracts.</summary>
/// <param name="Request">What is asked for.</param>
/// <param name="Side">The order's side.</param>
/// <param name="IsImmediate">Whether what is not traded at once is cancelled.</param>
/// <param name="Quantity">Of the order, or its new open quantity.</param>
/// <param name="OrderId">Not 0.</param>
/// <param name="PriceTicks">The limit, or the new one.</param>
public readonly record struct FlowMessage(
    FlowRequest Request, Side Side, bool IsImmediate, int Quantity, ulong OrderId, int PriceTicks);

/// <summary>A flow of orders to one book, made or read before it is played.</summary>
public static class OrderFlow
{
    /// <summary>Orders that may rest in the book of a mix at once.</summary>
    public const int MixOrders = 1 << 16;

    private const ulong StreamMagic = 0x4D4542575F303031;
    private const int StreamHeaderBytes = 16;
    private const int StreamRecordBytes = 40;

    /// <summary>How far a mix's prices lie apart, in ticks: some five hundred of them have orders.</summary>
    private const double Spread = 180;

    /// <summary>Share of the passive orders and moves that cross the middle, while the book is deep enough.</summary>
    private const double Crossing = 0.05;

    /// <summary>
    /// Reads a stream of the public matching-engine benchmark of flash1-dev: a header of 16 bytes (magic, version,
    /// count) and records of 40 (request, side, immediate, quantity, sequence number, order id, price, nothing), all
    /// little endian. Ids get one added, since a book has no order 0.
    /// </summary>
    /// <exception cref="IOException">The file is no such stream, or is cut off.</exception>
    public static FlowMessage[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        if (bytes.Length < StreamHeaderBytes || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != StreamMagic)
            throw new IOException($"{path}: not a stream of the matching-engine benchmark");

        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        if (bytes.Length != StreamHeaderBytes + (long)count * StreamRecordBytes)
            throw new IOException($"{path}: states {count:N0} messages and is {bytes.Length:N0} bytes long");

        var messages = new FlowMessage[count];
        for (var i = 0; i < count; i++)
        {
            var record = bytes.Slice(StreamHeaderBytes + i * StreamRecordBytes, StreamRecordBytes);
            messages[i] = new FlowMessage(
                (FlowRequest)record[0],
                record[1] == 0 ? Side.Buy : Side.Sell,
                record[2] != 0,
                BinaryPrimitives.ReadInt32LittleEndian(record[4..]),
                BinaryPrimitives.ReadUInt64LittleEndian(record[16..]) + 1,
                (int)BinaryPrimitives.ReadInt64LittleEndian(record[24..]));
        }

        return messages;
    }

    /// <summary>Writes a flow as such a stream, so that another engine can be given the same.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<FlowMessage> messages)
    {
        var bytes = new byte[StreamHeaderBytes + messages.Length * StreamRecordBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, StreamMagic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), messages.Length);
        for (var i = 0; i < messages.Length; i++)
        {
            ref readonly var message = ref messages[i];
            var record = bytes.AsSpan(StreamHeaderBytes + i * StreamRecordBytes, StreamRecordBytes);
            record[0] = (byte)message.Request;
            record[1] = message.Side == Side.Buy ? (byte)0 : (byte)1;
            record[2] = message.IsImmediate ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteInt32LittleEndian(record[4..], message.Quantity);
            BinaryPrimitives.WriteInt64LittleEndian(record[8..], i);
            BinaryPrimitives.WriteUInt64LittleEndian(record[16..], message.OrderId - 1);
            BinaryPrimitives.WriteInt64LittleEndian(record[24..], message.PriceTicks);
        }

        File.WriteAllBytes(path, bytes);
    }

    /// <summary>
    /// A flow with the shares that exchange-core's README states for its own test: of a hundred messages 9
    /// good-till-cancel orders, 3 immediate-or-cancel ones, 6 cancels and 82 moves, prices around a middle that
    /// wanders. What is cancelled or moved rests at that moment, which a book says that the flow is played through as
    /// it is made; as many orders go on resting as there were, since less is traded while there are fewer.
    /// </summary>
    /// <param name="count">Messages.</param>
    /// <param name="resting">Orders that rest before the flow begins; they come first and are not counted.</param>
    /// <param name="seed">Of the generator.</param>
    public static FlowMessage[] Mix(int count, int resting, int seed)
    {
        var random = new Random(seed);
        var messages = new FlowMessage[resting + count];
        var live = new RestingOrders();
        var book = FlowPlayer.NewBook(MixOrders, new RestingOrders.Listener(live));
        var nextId = 0UL;
        var middle = 50_000.0;
        for (var i = 0; i < messages.Length; i++)
        {
            middle += (random.NextDouble() - 0.5) * 0.2;
            var draw = i < resting ? 0 : random.Next(100);
            var isShallow = live.Count < resting;
            messages[i] = draw < 12
                ? NewOrder(random, middle, isImmediate: draw is >= 9 and < 12, isShallow, ++nextId)
                : Change(random, middle, isCancel: draw < 18, isShallow, live[random.Next(live.Count)]);
            FlowPlayer.Send(book, in messages[i]);
        }

        return messages;
    }

    private static FlowMessage NewOrder(Random random, double middle, bool isImmediate, bool isShallow, ulong id)
    {
        var side = (Side)random.Next(1, 3);
        var price = PriceOf(random, middle, side, isImmediate ? 1 : isShallow ? 0 : Crossing);
        var quantity = random.Next(1, isImmediate && isShallow ? 10 : 100);
        return new FlowMessage(FlowRequest.New, side, isImmediate, quantity, id, price);
    }

    private static FlowMessage Change(
        Random random, double middle, bool isCancel, bool isShallow, (ulong Id, Side Side) order)
    {
        if (isCancel)
            return new FlowMessage(FlowRequest.Cancel, order.Side, false, 0, order.Id, 0);

        var price = PriceOf(random, middle, order.Side, isShallow ? 0 : Crossing);
        return new FlowMessage(FlowRequest.Replace, order.Side, false, random.Next(1, 100), order.Id, price);
    }

    /// <summary>Passive orders lie behind the middle, now and then across it; immediate ones always cross.</summary>
    private static int PriceOf(Random random, double middle, Side side, double crossing)
    {
        var away = Math.Abs(random.NextDouble() + random.NextDouble() - random.NextDouble()) * Spread;
        var isAcross = random.NextDouble() < crossing;
        return (int)(middle + (side == Side.Buy == isAcross ? away : -away));
    }
}

/// <summary>The orders that rest in a book, by what that says. Any of them can be drawn.</summary>
public sealed class RestingOrders
{
    private readonly List<(ulong Id, Side Side)> _orders = [];
    private readonly Dictionary<ulong, int> _places = [];

    public int Count => _orders.Count;

    public (ulong Id, Side Side) this[int place] => _orders[place];

    /// <summary>It rests from now on.</summary>
    public void Add(ulong id, Side side)
    {
        _places[id] = _orders.Count;
        _orders.Add((id, side));
    }

    /// <summary>It rests no more; one that never did changes nothing.</summary>
    public void Remove(ulong id)
    {
        if (!_places.Remove(id, out var place))
            return;

        var last = _orders[^1];
        _orders.RemoveAt(_orders.Count - 1);
        if (last.Id == id)
            return;

        _orders[place] = last;
        _places[last.Id] = place;
    }

    /// <summary>An order rests from when it is taken until it is executed or cancelled.</summary>
    public readonly struct Listener(RestingOrders orders) : IBookListener
    {
        public void OnAccepted(in BookOrderRequest order) => orders.Add(order.OrderId, order.Side);

        public void OnRejected(ulong orderId, BookRejectReason reason) => Fail(orderId, reason);

        public void OnTrade(in BookTrade trade)
        {
            if (trade.MakerLeaves == 0)
                orders.Remove(trade.MakerOrderId);
            if (trade.TakerLeaves == 0)
                orders.Remove(trade.TakerOrderId);
        }

        public void OnCancelled(ulong orderId, Side side, int priceTicks, int quantity, BookCancelReason reason) =>
            orders.Remove(orderId);

        public void OnReduced(ulong orderId, Side side, int priceTicks, int quantity)
        {
        }

        public void OnReplaced(ulong orderId, Side side, int priceTicks, int quantity)
        {
        }

        public void OnTriggered(ulong orderId)
        {
        }

        public void OnCancelRejected(ulong orderId, BookRejectReason reason) => Fail(orderId, reason);

        public void OnReplaceRejected(ulong orderId, BookRejectReason reason) => Fail(orderId, reason);

        private static void Fail(ulong orderId, BookRejectReason reason) =>
            throw new InvalidOperationException($"the book refused a message on order {orderId}: {reason}");
    }
}
