using ExecutionPipeline.Benchmarks.Matching;
using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Stages.Risk;

namespace ExecutionPipeline.Benchmarks.Commands;

/// <summary>
/// The risk stage before a book: each new order is held against every limit as a decision, approved, kept as pending,
/// and let go again by a report of its end. Cancels and moves pass, as they do in the pipeline, whose routing looks at
/// those. A market update comes every thousand orders.
/// </summary>
internal sealed class RiskGate : IFlowGate
{
    private const long StartNs = 1_700_000_000_000_000_000;
    private const long TickE9 = 250_000_000;
    private const int OrdersOfAnUpdate = 1_000;

    /// <summary>No limit counts more orders a second than at this pace of the events' time.</summary>
    private const long StepNs = 100_000;

    private static readonly RiskLimits Limits = UnrefusingOptions.Limits with
    {
        MaxOrderSize = 100,
        MaxOrdersPerSecond = 65_536,
    };

    private readonly RiskStage _stage;
    private PipelineEvent _event;
    private long _count;

    public RiskGate()
    {
        var table = new InstrumentTable([new InstrumentOptions { Id = 1, Symbol = "ES", MaxPosition = 1_000 }]);
        _stage = new RiskStage(table, new VarModel(table, 0.99, []), Limits, new TradingDayOptions());
    }

    public void Check(in FlowMessage message)
    {
        if (message.Request != FlowRequest.New)
            return;

        _event.Header.TimeNs = StartNs + ++_count * StepNs;
        var priceE9 = message.PriceTicks * TickE9;
        _event.Portfolio.MarkPriceE9 = _event.Portfolio.BidPriceE9 = _event.Portfolio.AskPriceE9 = priceE9;
        _event.Portfolio.EquityE6 = (long)(UnrefusingOptions.Account.StartingCash * 1_000_000);
        if (_count % OrdersOfAnUpdate == 1)
            Take(EventKind.MarketUpdate);
        Approve(in message, priceE9);
        End(message.Side);
    }

    private void Approve(in FlowMessage message, long priceE9)
    {
        _event.Payload.TradeQualified = new TradeQualified
        {
            SignalId = (ulong)_count,
            PriceE9 = priceE9,
            SignalTimeNs = _event.Header.TimeNs,
            SendTimeNs = _event.Header.TimeNs,
        };
        _event.Decision.Side = message.Side;
        _event.Decision.Quantity = message.Quantity;
        _event.Verdict = default;
        Take(EventKind.TradeQualified);
        if (_event.Verdict.ApprovedQuantity != message.Quantity)
            throw new InvalidOperationException($"the risk stage refused an order: {_event.Verdict.Violations}");
    }

    private void End(Side side)
    {
        _event.Payload.ExecutionReport = new ExecutionReport
        {
            OrderId = OrderIds.Of(_event.Verdict.ParentId, 0),
            Kind = ExecutionReportKind.Expired,
            Venue = ExecutionReport.OwnVenue,
            Side = side,
        };
        _event.Resolution.Ended = 1;
        Take(EventKind.ExecutionReport);
    }

    private void Take(EventKind kind)
    {
        _event.Header.Kind = kind;
        _stage.OnEvent(ref _event);
    }
}
