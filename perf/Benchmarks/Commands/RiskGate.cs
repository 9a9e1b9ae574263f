using ExecutionPipeline.Benchmarks.Matching;
using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Risk;

namespace ExecutionPipeline.Benchmarks.Commands;

/// <summary>
/// The risk stage before a book: each new order and each move is held against every limit as a decision. All are above
/// the largest size, so nothing is approved and nothing is kept as pending; the book gets the message all the same.
/// </summary>
internal sealed class RiskGate : IFlowGate
{
    private const long StartNs = 1_700_000_000_000_000_000;
    private const long TickE9 = 250_000_000;
    private const int LargestSize = 5;

    private readonly RiskStage _stage;
    private PipelineEvent _event;
    private long _count;

    public RiskGate()
    {
        var table = new InstrumentTable([new InstrumentOptions { Id = 1, Symbol = "ES" }]);
        var limits = new RiskLimits { MaxOrderSize = LargestSize };
        _stage = new RiskStage(table, new VarModel(table, 0.99, []), limits, new TradingDayOptions());
    }

    public void Check(in FlowMessage message)
    {
        if (message.Request == FlowRequest.Cancel)
            return;

        var priceE9 = message.PriceTicks * TickE9;
        _event = default;
        _event.Header.Kind = EventKind.TradeQualified;
        _event.Header.TimeNs = StartNs + ++_count * 1_000;
        _event.Payload.TradeQualified.SignalId = (ulong)_count;
        _event.Payload.TradeQualified.PriceE9 = priceE9;
        _event.Payload.TradeQualified.SignalTimeNs = _event.Header.TimeNs;
        _event.Payload.TradeQualified.SendTimeNs = _event.Header.TimeNs;
        _event.Portfolio.MarkPriceE9 = _event.Portfolio.BidPriceE9 = _event.Portfolio.AskPriceE9 = priceE9;
        _event.Portfolio.EquityE6 = 10_000_000_000_000;
        _event.Decision.Side = message.Side;
        _event.Decision.Quantity = LargestSize + message.Quantity;
        _stage.OnEvent(ref _event);
        if (_event.Verdict.ApprovedQuantity > 0)
            throw new InvalidOperationException("the risk stage approved an order that is too large");
    }
}
