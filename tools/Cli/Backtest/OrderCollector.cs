using ExecutionPipeline.Analysis.Costs;
using ExecutionPipeline.Analysis.Market;
using ExecutionPipeline.Analysis.Reports;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Backtest;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Cli.Backtest;

/// <summary>
/// Collects from the events of a run what its executions are analysed by: each parent order of a decision with its
/// fills, the trades that closed, the market, and the account's equity.
/// </summary>
public sealed class OrderCollector : IEventObserver
{
    private readonly InstrumentTable _instruments;
    private readonly string _venue;
    private readonly MarketSeries[] _series;
    private readonly (long BidE9, long AskE9)[] _quotes;
    private readonly Dictionary<ulong, WorkedOrder> _working = [];
    private readonly HashSet<ulong> _sentSinceUpdate = [];
    private readonly List<ExecutedOrder> _orders = [];
    private readonly List<TradeSummary> _trades = [];
    private readonly List<FillPoint> _fills = [];
    private readonly List<TradeLine> _lines = [];
    private readonly Dictionary<ulong, (long StopE9, long TargetE9)> _brackets = [];

    /// <param name="instruments">Of the events' indices.</param>
    /// <param name="venue">The venue's name in the tables.</param>
    public OrderCollector(InstrumentTable instruments, string venue)
    {
        ArgumentNullException.ThrowIfNull(instruments);
        _instruments = instruments;
        _venue = venue;
        _series = [.. instruments.All.ToArray().Select(static _ => new MarketSeries())];
        _quotes = new (long, long)[instruments.Count];
    }

    /// <summary>Parent orders of decisions that have ended, in the order of their ends.</summary>
    public IReadOnlyList<ExecutedOrder> Orders => _orders;

    /// <summary>Trades that have closed, in the order of their ends.</summary>
    public IReadOnlyList<TradeSummary> Trades => _trades;

    /// <summary>Parent orders of decisions that have not ended.</summary>
    public int OpenOrders => _working.Count;

    /// <summary>Contracts that exits and operators' closes executed: these belong to no decision's order.</summary>
    public long OtherContracts { get; private set; }

    public EquityCurve Equity { get; } = new();

    /// <summary>The first instrument's price with all executions and trades of it.</summary>
    /// <param name="most">Points of the price at most.</param>
    public TradingChart Chart(int most) =>
        new(_instruments[0].Symbol, TradingChart.PricesOf(_series[0], most), _fills, _lines);

    /// <summary>The market of each instrument by its symbol.</summary>
    public IReadOnlyDictionary<string, MarketSeries> Markets => _instruments.All.ToArray()
        .ToDictionary(static instrument => instrument.Symbol, instrument => _series[instrument.Index]);

    public void OnHandled(ref readonly PipelineEvent e, ActionLog actions)
    {
        switch (e.Header.Kind)
        {
            case EventKind.MarketUpdate:
                OnMarket(in e);
                break;
            case EventKind.TradeQualified:
                OnDecision(in e);
                break;
            case EventKind.ExecutionReport:
                OnReport(in e);
                break;
        }

        for (var i = 0; i < e.Routing.ActionCount; i++)
            OnAction(in e, in actions[e.Routing.FirstAction + i]);
    }

    private void OnMarket(ref readonly PipelineEvent e)
    {
        _sentSinceUpdate.Clear();
        ref readonly var update = ref e.Payload.MarketUpdate;
        var series = _series[e.Header.InstrumentIndex];
        ref var quote = ref _quotes[e.Header.InstrumentIndex];
        if (quote != (update.BidPriceE9, update.AskPriceE9)
            && update.BidPriceE9 != MarketUpdate.NoPrice && update.AskPriceE9 != MarketUpdate.NoPrice)
        {
            quote = (update.BidPriceE9, update.AskPriceE9);
            series.AddQuote(e.Header.TimeNs, update.BidPriceE9, update.AskPriceE9);
        }

        if (update.TradePriceE9 != MarketUpdate.NoPrice && update.TradeQuantity > 0)
            series.AddTrade(e.Header.TimeNs, update.TradePriceE9, update.TradeQuantity);
        Equity.Add(e.Header.TimeNs, e.Portfolio.EquityE6);
    }

    private void OnDecision(ref readonly PipelineEvent e)
    {
        if (e.Routing.Outcome is not (RoutingOutcome.OrderSent or RoutingOutcome.Scheduled))
            return;

        if (e.Routing.Outcome == RoutingOutcome.OrderSent)
            _sentSinceUpdate.Add(e.Routing.Order.OrderId);
        ref readonly var signal = ref e.Payload.TradeQualified;
        _brackets[signal.SignalId] = (e.Routing.Order.StopPriceE9, e.Routing.Order.TargetPriceE9);
        _working[KeyOf(e.Verdict.ParentId)] = new WorkedOrder
        {
            DecisionTimeNs = Math.Min(signal.SignalTimeNs, e.Header.TimeNs),
            DecisionPriceE9 = signal.PriceE9,
            ArrivalTimeNs = e.Header.TimeNs,
            ArrivalPriceE9 = e.Portfolio.MarkPriceE9,
        };
    }

    private void OnReport(ref readonly PipelineEvent e)
    {
        if (e.Resolution.Booked == 0)
            return;

        Equity.Add(e.Header.TimeNs, e.Portfolio.EquityE6);
        ref readonly var report = ref e.Payload.ExecutionReport;
        if (e.Header.InstrumentIndex == 0)
        {
            _fills.Add(TradingChart.Fill(
                report.VenueTimeNs, e.Resolution.PriceE9, e.Resolution.Booked, report.Side,
                e.Routing.Order.Purpose == OrderPurpose.Entry));
        }

        var orderId = report.OrderId;
        if (e.Routing.Order.Purpose != OrderPurpose.Entry
            || !_working.TryGetValue(OrderIds.ParentKeyOf(orderId), out var order))
        {
            OtherContracts += e.Resolution.Booked;
            return;
        }

        // At a venue that answers at once, an order that was sent after the last update met the quote that stands. One
        // that rested, or was on its way, met the quote before the venue's time, which the market's series has.
        var venueNs = report.VenueTimeNs;
        var isAtOnce = venueNs == e.Header.TimeNs && _sentSinceUpdate.Contains(orderId);
        var quote = isAtOnce ? _quotes[e.Header.InstrumentIndex] : default;
        order.Fills.Add(new OrderFill(
            venueNs, e.Resolution.Booked, e.Resolution.PriceE9, e.Resolution.FeeE6, _venue, quote.BidE9, quote.AskE9));
    }

    private void OnAction(ref readonly PipelineEvent e, ref readonly RoutingAction action)
    {
        switch (action.Kind)
        {
            case RoutingActionKind.OrderSent:
                _sentSinceUpdate.Add(action.Order.OrderId);
                break;
            case RoutingActionKind.ParentEnded when action.Parent.Purpose == OrderPurpose.Entry:
                End(in action.Parent, e.Header.TimeNs);
                break;
            case RoutingActionKind.TradeClosed:
                Close(in action.Trade);
                break;
        }
    }

    private void Close(ref readonly ClosedTrade closed)
    {
        var trade = new TradeSummary(in closed, _instruments[closed.InstrumentIndex]);
        _trades.Add(trade);
        if (closed.InstrumentIndex != 0)
            return;

        var (stopE9, targetE9) = _brackets.GetValueOrDefault(trade.SignalId);
        _lines.Add(TradeLine.Of(trade, stopE9, targetE9));
    }

    private void End(ref readonly ParentState parent, long timeNs)
    {
        if (!_working.Remove(KeyOf(parent.ParentId), out var order))
            return;

        var executed = order.Fills.Sum(static fill => fill.Quantity);
        if (executed != parent.Executed)
        {
            throw new InvalidOperationException(
                $"order {parent.ParentId} has executed {parent.Executed} contracts, and its fills have {executed}");
        }

        _orders.Add(new ExecutedOrder
        {
            OrderId = parent.ParentId,
            SignalId = parent.SignalId,
            Instrument = _instruments[parent.InstrumentIndex],
            Side = parent.Side,
            Strategy = parent.Strategy,
            Quantity = parent.Quantity,
            DecisionPriceE9 = order.DecisionPriceE9,
            DecisionTimeNs = order.DecisionTimeNs,
            ArrivalTimeNs = order.ArrivalTimeNs,
            ArrivalPriceE9 = order.ArrivalPriceE9,
            EndTimeNs = timeNs,
            EndReason = parent.EndReason,
            Fills = order.Fills,
        });
    }

    /// <summary>What an order's id tells of its parent.</summary>
    private static ulong KeyOf(ulong parentId) => OrderIds.ParentKeyOf(OrderIds.Of(parentId, 0));

    private sealed class WorkedOrder
    {
        public long DecisionTimeNs { get; init; }

        public long DecisionPriceE9 { get; init; }

        public long ArrivalTimeNs { get; init; }

        public long ArrivalPriceE9 { get; init; }

        public List<OrderFill> Fills { get; } = [];
    }
}
