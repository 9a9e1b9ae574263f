using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Benchmarks.Matching;

/// <summary>What came of a flow.</summary>
/// <param name="Reports">Everything that the book said.</param>
/// <param name="TradedQuantity">Contracts traded.</param>
/// <param name="ElapsedNs">How long the book took for all messages.</param>
/// <param name="AllocatedBytes">What the thread allocated meanwhile.</param>
public readonly record struct FlowResult(long Reports, long TradedQuantity, double ElapsedNs, long AllocatedBytes);

/// <summary>Looks at each message of a flow before a book takes it.</summary>
public interface IFlowGate
{
    /// <summary>A message is about to go to the book.</summary>
    void Check(in FlowMessage message);
}

/// <summary>Plays a flow of orders through a matching book.</summary>
public static class FlowPlayer
{
    private const int MaxPriceTicks = 100_000;

    /// <summary>Plays the flow through a book of its own and times it; the listener counts, no more.</summary>
    /// <param name="messages">The flow.</param>
    /// <param name="untimed">How many messages at the beginning are not timed.</param>
    /// <param name="orders">How many orders may rest at once; 0: as many as there are messages.</param>
    public static FlowResult Play(FlowMessage[] messages, int untimed = 0, int orders = 0)
    {
        var book = NewBook(orders == 0 ? messages.Length : orders, default(Counter));
        PlayRange(book, messages, 0, untimed);
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        PlayRange(book, messages, untimed, messages.Length);
        var elapsedNs = (Stopwatch.GetTimestamp() - start) * 1e9 / Stopwatch.Frequency;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        return new FlowResult(book.Listener.Reports, book.Listener.Quantity, elapsedNs, allocated);
    }

    /// <summary>
    /// Plays a mix at fixed times, whatever the book does, and returns each message's latency in nanoseconds, from
    /// when it was due until the book was through with it, in ascending order.
    /// </summary>
    /// <param name="messages">The flow.</param>
    /// <param name="untimed">How many messages at the beginning are not timed, and come at once.</param>
    /// <param name="perSecond">Messages a second.</param>
    /// <param name="gate">What looks at each message before the book; null: nothing.</param>
    public static double[] PlayPaced(FlowMessage[] messages, int untimed, double perSecond, IFlowGate? gate)
    {
        var book = NewBook(OrderFlow.MixOrders, default(Counter));
        PlayRange(book, messages, 0, untimed);
        var latencies = new double[messages.Length - untimed];
        // Not one page of it is taken for the first time while messages are timed.
        Array.Fill(latencies, double.NaN);
        var (period, tickNs) = (Stopwatch.Frequency / perSecond, 1e9 / Stopwatch.Frequency);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < latencies.Length; i++)
        {
            var due = start + (long)(i * period);
            while (Stopwatch.GetTimestamp() < due)
            {
            }

            ref readonly var message = ref messages[untimed + i];
            gate?.Check(in message);
            Send(book, in message);
            latencies[i] = (Stopwatch.GetTimestamp() - due) * tickNs;
        }

        Array.Sort(latencies);
        return latencies;
    }

    /// <summary>
    /// The SHA-256 of all reports in the form in which the public benchmark publishes its results: a line a report,
    /// by message and kind.
    /// </summary>
    public static string DigestOf(FlowMessage[] messages)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var book = NewBook(messages.Length, new Transcript([]));
        var separator = "";
        for (var i = 0; i < messages.Length; i++)
        {
            book.Listener.Sequence = i;
            Send(book, in messages[i]);

            // A sort that keeps the order of equals, as the trades of a message must stay in their order.
            foreach (var (_, line) in book.Listener.Lines.OrderBy(line => line.Kind))
            {
                hash.AppendData(Encoding.ASCII.GetBytes(separator + line));
                separator = "\n";
            }

            book.Listener.Lines.Clear();
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A book with room for so many orders that rest at once.</summary>
    public static MatchingBook<TListener> NewBook<TListener>(int orders, TListener listener)
        where TListener : IBookListener =>
        new(new MatchingBookOptions { MaxPriceTicks = MaxPriceTicks, MaxOrders = orders }, listener);

    private static void PlayRange<TListener>(
        MatchingBook<TListener> book, FlowMessage[] messages, int first, int end)
        where TListener : IBookListener
    {
        for (var i = first; i < end; i++)
            Send(book, in messages[i]);
    }

    /// <summary>Gives a book a message.</summary>
    public static void Send<TListener>(MatchingBook<TListener> book, in FlowMessage message)
        where TListener : IBookListener
    {
        switch (message.Request)
        {
            case FlowRequest.Cancel:
                book.Cancel(message.OrderId);
                break;
            case FlowRequest.Replace:
                book.Replace(message.OrderId, message.PriceTicks, message.Quantity);
                break;
            default:
                var order = new BookOrderRequest
                {
                    OrderId = message.OrderId,
                    Side = message.Side,
                    Type = OrderType.Limit,
                    TimeInForce = message.IsImmediate ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancel,
                    PriceTicks = message.PriceTicks,
                    Quantity = message.Quantity,
                };
                book.Submit(in order);
                break;
        }
    }

    private struct Counter : IBookListener
    {
        public long Reports;
        public long Quantity;

        public void OnAccepted(in BookOrderRequest order) => Reports++;

        public void OnRejected(ulong orderId, BookRejectReason reason) => Reports++;

        public void OnTrade(in BookTrade trade)
        {
            Reports++;
            Quantity += trade.Quantity;
        }

        public void OnCancelled(ulong orderId, Side side, int priceTicks, int quantity, BookCancelReason reason) =>
            Reports++;

        public void OnReduced(ulong orderId, Side side, int priceTicks, int quantity) => Reports++;

        public void OnCancelRejected(ulong orderId, BookRejectReason reason) => Reports++;

        public void OnReplaced(ulong orderId, Side side, int priceTicks, int quantity) => Reports++;

        public void OnReplaceRejected(ulong orderId, BookRejectReason reason) => Reports++;

        public void OnTriggered(ulong orderId) => Reports++;
    }

    /// <summary>Writes what a message caused as the benchmark does; ids are its own again, one less.</summary>
    private struct Transcript(List<(int Kind, string Line)> lines) : IBookListener
    {
        public long Sequence;

        public readonly List<(int Kind, string Line)> Lines => lines;

        public readonly void OnAccepted(in BookOrderRequest order) =>
            Add(0, $"{SideOf(order.Side)},{order.OrderId - 1},{order.PriceTicks},{order.Quantity}");

        public readonly void OnRejected(ulong orderId, BookRejectReason reason) =>
            throw new InvalidOperationException($"message {Sequence}: the book refused an order: {reason}");

        public readonly void OnTrade(in BookTrade trade) => Add(
            1, $"{trade.PriceTicks},{trade.Quantity},{trade.MakerOrderId - 1},{trade.TakerOrderId - 1}");

        public readonly void OnCancelled(
            ulong orderId, Side side, int priceTicks, int quantity, BookCancelReason reason) =>
            Add(2, $"{SideOf(side)},{orderId - 1},{priceTicks}");

        public readonly void OnReplaced(ulong orderId, Side side, int priceTicks, int quantity) =>
            Add(3, $"{SideOf(side)},{orderId - 1},{priceTicks},{quantity}");

        public readonly void OnCancelRejected(ulong orderId, BookRejectReason reason) => Add(4, $"{orderId - 1}");

        public readonly void OnReplaceRejected(ulong orderId, BookRejectReason reason) => Add(5, $"{orderId - 1}");

        public readonly void OnReduced(ulong orderId, Side side, int priceTicks, int quantity) =>
            throw new InvalidOperationException($"message {Sequence}: the flow has no owners");

        public readonly void OnTriggered(ulong orderId) =>
            throw new InvalidOperationException($"message {Sequence}: the flow has no stops");

        private readonly void Add(int kind, FormattableString rest) =>
            lines.Add((kind, FormattableString.Invariant($"{kind},{Sequence},") + FormattableString.Invariant(rest)));

        private static int SideOf(Side side) => side == Side.Buy ? 0 : 1;
    }
}
