using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Brackets;

/// <summary>
/// A venue that takes requests late and in order, executes what it likes meanwhile, refuses and cancels at times, and
/// whose answers come late, twice and in any order.
/// </summary>
internal sealed class ErraticVenue(Random random)
{
    private readonly Queue<ExitRequest> _inbox = [];
    private readonly List<ExitAnswer> _outbox = [];
    private readonly Dictionary<ulong, Held> _orders = [];

    /// <summary>While false, everything is taken and executed.</summary>
    public bool IsErratic { get; set; } = true;

    public bool IsQuiet => _inbox.Count == 0 && _outbox.Count == 0;

    /// <summary>Signed contracts executed.</summary>
    public int Executed { get; private set; }

    public IEnumerable<Held> Live => _orders.Values.Where(static order => order.Leaves > 0);

    public int ExecutedOf(ulong orderId) => _orders.TryGetValue(orderId, out var order) ? order.Cumulative : 0;

    public void Take(IEnumerable<ExitRequest> requests)
    {
        foreach (var request in requests)
            _inbox.Enqueue(request);
    }

    /// <summary>Handles the oldest request.</summary>
    public void Work()
    {
        if (!_inbox.TryDequeue(out var request))
            return;

        if (request.Action == LegAction.Submit)
            Submit(request);
        else if (!_orders.TryGetValue(request.OrderId, out var order) || order.Leaves == 0 || IsUnlucky(20))
            Refuse(request);
        else if (request.Action == LegAction.Cancel)
            End(order, request.Number);
        else
            Replace(order, request);
    }

    /// <summary>Executes a part of a live order, or cancels it unasked.</summary>
    public void Trade()
    {
        var live = Live.ToArray();
        if (live.Length == 0)
            return;

        var order = live[random.Next(live.Length)];
        if (IsUnlucky(15))
            End(order, request: 0);
        else
            Execute(order, random.Next(3) == 0 ? order.Leaves : random.Next(1, order.Leaves + 1));
    }

    /// <summary>The next answer to arrive: any of those on the way, and perhaps it stays on the way too.</summary>
    public bool TryDeliver(out ExitAnswer answer)
    {
        answer = default;
        if (_outbox.Count == 0)
            return false;

        var place = random.Next(Math.Min(_outbox.Count, 6));
        answer = _outbox[place];
        if (!IsUnlucky(10))
            _outbox.RemoveAt(place);
        return true;
    }

    private bool IsUnlucky(int oneIn) => IsErratic && random.Next(oneIn) == 0;

    private void Submit(in ExitRequest request)
    {
        if (IsUnlucky(15))
        {
            _outbox.Add(new ExitAnswer(request.OrderId, ExecutionReportKind.Rejected, Request: request.Number));
            return;
        }

        var (tradeId, isClose) = (request.TradeId, request.Leg == ExitLeg.Close);
        var beside = Live.Where(other => other.Request.TradeId == tradeId);
        Assert.That(
            beside.Where(other => isClose || other.Request.Leg == ExitLeg.Close),
            Is.Empty,
            "nothing is live beside an order at the market");
        var order = new Held(request) { Leaves = request.Quantity };
        _orders.Add(request.OrderId, order);
        _outbox.Add(new ExitAnswer(
            request.OrderId, ExecutionReportKind.New, 0, order.Leaves, request.Number));
        if (request.Leg == ExitLeg.Close)
        {
            Execute(order, IsErratic ? random.Next(order.Leaves + 1) : order.Leaves);
            End(order, request: 0);
        }
    }

    private void Refuse(in ExitRequest request)
    {
        var kind = request.Action == LegAction.Cancel
            ? ExecutionReportKind.CancelRejected
            : ExecutionReportKind.ReplaceRejected;
        _outbox.Add(new ExitAnswer(request.OrderId, kind, 0, 0, request.Number));
    }

    /// <summary>A replacement by no more than what is executed ends the order or is refused.</summary>
    private void Replace(Held order, in ExitRequest request)
    {
        if (request.Quantity > order.Cumulative)
        {
            order.Leaves = request.Quantity - order.Cumulative;
            _outbox.Add(Answer(order, ExecutionReportKind.Replaced, request.Number));
        }
        else if (random.Next(2) == 0)
        {
            End(order, request.Number);
        }
        else
        {
            Refuse(request);
        }
    }

    private void Execute(Held order, int quantity)
    {
        if (quantity == 0)
            return;

        order.Cumulative += quantity;
        order.Leaves -= quantity;
        Executed += order.Request.Side == Side.Buy ? quantity : -quantity;
        _outbox.Add(Answer(order, ExecutionReportKind.Trade, request: 0));
    }

    private void End(Held order, int request)
    {
        if (order.Leaves == 0)
            return;

        order.Leaves = 0;
        _outbox.Add(Answer(order, ExecutionReportKind.Cancelled, request));
    }

    private static ExitAnswer Answer(Held order, ExecutionReportKind kind, int request) =>
        new(order.Request.OrderId, kind, order.Cumulative, order.Leaves, request, Price(100));

    internal sealed class Held(ExitRequest request)
    {
        public ExitRequest Request => request;
        public int Cumulative { get; set; }
        public int Leaves { get; set; }
    }
}
