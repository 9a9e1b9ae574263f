using System.Buffers.Binary;
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
    private const ulong StreamMagic = 0x4D4542575F303031;
    private const int StreamHeaderBytes = 16;
    private const int StreamRecordBytes = 40;

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

    /// <summary>
    /// A flow with the shares that exchange-core's own test has: of a hundred messages 9 good-till-cancel orders, 3
    /// immediate-or-cancel ones, 6 cancels and 82 moves, prices normal around a middle that wanders.
    /// </summary>
    /// <param name="count">Messages.</param>
    /// <param name="resting">Orders that rest before the flow begins; they come first and are not counted.</param>
    /// <param name="seed">Of the generator.</param>
    public static FlowMessage[] Mix(int count, int resting, int seed)
    {
        var random = new Random(seed);
        var messages = new FlowMessage[resting + count];
        var live = new List<(ulong Id, Side Side)>();
        var nextId = 0UL;
        var middle = 50_000.0;
        for (var i = 0; i < messages.Length; i++)
        {
            middle += (random.NextDouble() - 0.5) * 0.2;
            var draw = i < resting ? 0 : random.Next(100);
            if (draw < 12 || live.Count == 0)
            {
                var side = (Side)random.Next(1, 3);
                var isImmediate = draw is >= 9 and < 12;
                var price = PriceOf(random, middle, side, isImmediate);
                messages[i] = new FlowMessage(
                    FlowRequest.New, side, isImmediate, random.Next(1, 100), ++nextId, price);
                if (!isImmediate)
                    live.Add((nextId, side));
                continue;
            }

            var at = random.Next(live.Count);
            var (id, liveSide) = live[at];
            if (draw < 18)
            {
                messages[i] = new FlowMessage(FlowRequest.Cancel, liveSide, false, 0, id, 0);
                live[at] = live[^1];
                live.RemoveAt(live.Count - 1);
                continue;
            }

            var newPrice = PriceOf(random, middle, liveSide, crosses: false);
            messages[i] = new FlowMessage(FlowRequest.Replace, liveSide, false, random.Next(1, 100), id, newPrice);
        }

        return messages;
    }

    /// <summary>Passive orders lie behind the middle, now and then across it; immediate ones always cross.</summary>
    private static int PriceOf(Random random, double middle, Side side, bool crosses)
    {
        var away = Math.Abs(random.NextDouble() + random.NextDouble() - random.NextDouble()) * 60;
        var isAcross = crosses || random.Next(50) == 0;
        return (int)(middle + (side == Side.Buy == isAcross ? away : -away));
    }
}
