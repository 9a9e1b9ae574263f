using BenchmarkDotNet.Attributes;
using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Benchmarks.Micro;

/// <summary>
/// The routing stage with orders open at the venue: an approved decision becomes a parent and its order is handed to
/// the gateway, and the fill of that order is booked into a trade. Bought and sold in turn, so that each second fill
/// closes a trade.
/// </summary>
[MemoryDiagnoser]
public class RoutingStageBenchmark : IVenueGateway, IReportSink, ITimerSink
{
    private const long StartNs = 1_700_000_000_000_000_000;
    private const long PriceE9 = 5_000_000_000_000;
    private const int Capacity = 131_072;

    private RoutingStage _stage = null!;
    private PipelineEvent _decision;
    private PipelineEvent _report;
    private ulong _count;
    private ulong _sent;

    [Params(100, 100_000)]
    public int OpenOrders { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var table = new InstrumentTable([new InstrumentOptions { Id = 1, Symbol = "ES" }]);
        var orders = new OrderStore(table.Count, Capacity);
        var bracket = new BracketOptions { Activation = BracketActivation.None };
        var algorithms = new AlgorithmSet(new ExecutionOptions());
        var ways = new RoutingWays(new ActionLog(), this, this);
        _stage = new RoutingStage(table, orders, new RiskLimits(), algorithms, bracket, this, ways);
        for (var i = 0; i < OpenOrders; i++)
        {
            orders.TryAdd(
                new Order
                {
                    OrderId = OrderIds.Of(9, 1_000_000_000 + (ulong)i),
                    Purpose = OrderPurpose.TakeProfit,
                    Side = Side.Sell,
                    Type = OrderType.Limit,
                    TimeInForce = TimeInForce.GoodTillCancel,
                    Quantity = 1,
                    LimitPriceE9 = 2 * PriceE9,
                },
                out _);
        }
    }

    /// <summary>A decision and its fill.</summary>
    [Benchmark]
    public int DecisionAndFill()
    {
        Decide();
        Fill();
        return _stage.WorkingParents;
    }

    /// <summary>A market update that moves the touch.</summary>
    [Benchmark]
    public long MarketUpdate()
    {
        _report.Header.Kind = EventKind.MarketUpdate;
        _report.Payload.MarketUpdate.BidPriceE9 = PriceE9 + (long)(++_count % 7) * 250_000_000;
        _report.Portfolio.MarkPriceE9 = _report.Payload.MarketUpdate.BidPriceE9;
        _stage.OnEvent(ref _report);
        return _report.Routing.ActionCount;
    }

    void IVenueGateway.Submit(in Order order, long timeNs) => _sent = order.OrderId;

    void IVenueGateway.Cancel(in Order order, long timeNs)
    {
    }

    void IVenueGateway.Replace(in Order order, in OrderTerms terms, long timeNs)
    {
    }

    bool IVenueGateway.TryCancelAll(long timeNs) => true;

    void IVenueGateway.RequestStatus(in Order order, long timeNs)
    {
    }

    void IVenueGateway.RequestOpenOrders(long timeNs)
    {
    }

    void IReportSink.OnReport(in ExecutionReport report)
    {
    }

    void ITimerSink.Set(TimerOwner owner, ulong subject, long dueNs)
    {
    }

    void ITimerSink.Remove(TimerOwner owner, ulong subject, long dueNs)
    {
    }

    private void Decide()
    {
        _decision.Header.Kind = EventKind.TradeQualified;
        _decision.Header.TimeNs = StartNs + (long)++_count * 50_000;
        _decision.Payload.TradeQualified.SignalId = _count;
        _decision.Payload.TradeQualified.Action = TradeAction.Long;
        _decision.Portfolio.MarkPriceE9 = PriceE9;
        _decision.Portfolio.BidPriceE9 = PriceE9 - 250_000_000;
        _decision.Portfolio.AskPriceE9 = PriceE9;
        _decision.Portfolio.AtrE9 = 10_000_000_000;
        _decision.Decision.Side = _count % 2 == 0 ? Side.Buy : Side.Sell;
        _decision.Decision.Quantity = 2;
        _decision.Decision.StopLossAtr = 1.5f;
        _decision.Decision.TakeProfitAtr = 3f;
        _decision.Verdict.ApprovedQuantity = 2;
        _decision.Verdict.ParentId = _count;
        _stage.OnEvent(ref _decision);
    }

    private void Fill()
    {
        _report.Header.Kind = EventKind.ExecutionReport;
        _report.Header.TimeNs = _decision.Header.TimeNs + 10_000;
        _report.Payload.ExecutionReport.OrderId = _sent;
        _report.Payload.ExecutionReport.ExecutionId = _count;
        _report.Payload.ExecutionReport.Kind = ExecutionReportKind.Trade;
        _report.Payload.ExecutionReport.Side = _decision.Decision.Side;
        _report.Payload.ExecutionReport.LastQuantity = 2;
        _report.Payload.ExecutionReport.CumulativeQuantity = 2;
        _report.Payload.ExecutionReport.LastPriceE9 = PriceE9;
        _report.Resolution.Booked = 2;
        _report.Resolution.PriceE9 = PriceE9;
        _report.Resolution.Disposition = ReportDisposition.Applied;
        _report.Resolution.Ended = 1;
        _stage.OnEvent(ref _report);
    }
}
