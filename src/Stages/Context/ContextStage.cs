using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Positions;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Context;

/// <summary>
/// Owns what the pipeline knows of the market and of its account, and writes both into the event: the portfolio block
/// for every kind, the policies' input for a signal, what an execution report amounts to and the round trip that it
/// ended. The features block of market updates is left as it was, for nobody reads it.
/// </summary>
public sealed partial class ContextStage
{
    private readonly Portfolio _portfolio;
    private readonly MarketState[] _markets;
    private readonly ExecutionLedger _executions;
    private readonly double _defaultAtrFraction;
    private readonly double _varLimit;
    private readonly double _positionLimit;

    /// <param name="instruments">Of the events' indices.</param>
    /// <param name="portfolio">Of the same instruments; from now on this stage's.</param>
    /// <param name="limits">What utilisation is counted against.</param>
    /// <param name="options">How the market is averaged.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ContextStage(InstrumentTable instruments, Portfolio portfolio, RiskLimits limits, ContextOptions options)
    {
        options.Validate();
        limits.Validate();
        _portfolio = portfolio;
        _executions = new ExecutionLedger(instruments, portfolio.Day, options.ExecutionIdsRemembered);
        _defaultAtrFraction = options.DefaultAtrFraction;
        _varLimit = limits.MaxDailyVar;
        _positionLimit = limits.MaxPosition;
        _markets = new MarketState[instruments.Count];
        for (var i = 0; i < _markets.Length; i++)
            _markets[i] = new MarketState(instruments[i], options);
    }

    /// <summary>The account, to be read by the stage's own thread or at rest.</summary>
    public Portfolio Portfolio => _portfolio;

    /// <summary>What was made of execution reports, to be read by the stage's own thread or at rest.</summary>
    public ExecutionLedger Executions => _executions;

    /// <summary>The market of an instrument, to be read by the stage's own thread or at rest.</summary>
    public MarketState Market(int instrument) => _markets[instrument];

    public void OnEvent(ref PipelineEvent e)
    {
        _portfolio.TryStartDay(e.Header.TimeNs);
        switch (e.Header.Kind)
        {
            case EventKind.MarketUpdate:
                OnMarket(ref e);
                break;
            case EventKind.TradeQualified:
                OnSignal(ref e);
                break;
            case EventKind.ExecutionReport:
                OnReport(ref e);
                break;
            default:
                e.Features = default;
                WriteSnapshot(ref e, CurrentMarket(ref e));
                break;
        }
    }

    private void OnMarket(ref PipelineEvent e)
    {
        var instrument = e.Header.InstrumentIndex;
        var market = _markets[instrument];
        market.Apply(e.Payload.MarketUpdate, e.Header.TimeNs);
        if (market.MarkPriceE9 != 0)
            _portfolio.Mark(instrument, market.MarkPriceE9, e.Header.TimeNs);

        WriteSnapshot(ref e, market);
    }

    private void OnReport(ref PipelineEvent e)
    {
        ref readonly var report = ref e.Payload.ExecutionReport;
        ref var resolution = ref e.Resolution;
        var instrument = e.Header.InstrumentIndex;
        _executions.Resolve(report, e.Header.TimeNs, _portfolio.MarkPriceE9(instrument), out resolution);
        var closed = default(ClosedTrade);
        if (resolution.Booked > 0)
        {
            _portfolio.Execute(
                instrument,
                report.Side,
                resolution.Booked,
                resolution.PriceE9,
                resolution.FeeE6,
                e.Header.TimeNs,
                out closed);
        }

        e.ClosedTrade = closed;
        WriteSnapshot(ref e, CurrentMarket(ref e));
    }

    private MarketState CurrentMarket(ref PipelineEvent e)
    {
        var market = _markets[e.Header.InstrumentIndex];
        market.AdvanceTo(e.Header.TimeNs);
        return market;
    }

    private void WriteSnapshot(ref PipelineEvent e, MarketState market)
    {
        var instrument = e.Header.InstrumentIndex;
        ref var snapshot = ref e.Portfolio;
        snapshot.BidPriceE9 = market.BidPriceE9;
        snapshot.AskPriceE9 = market.AskPriceE9;
        snapshot.MarkPriceE9 = _portfolio.MarkPriceE9(instrument);
        snapshot.AtrE9 = market.AtrE9;
        snapshot.Position = _portfolio.Position(instrument);
        snapshot.OpenPositions = _portfolio.OpenPositions;
        snapshot.AveragePriceE9 = _portfolio.AveragePriceE9(instrument);
        snapshot.RealizedPnlE6 = _portfolio.RealizedPnlE6;
        snapshot.UnrealizedPnlE6 = _portfolio.UnrealizedPnlE6;
        snapshot.EquityE6 = _portfolio.EquityE6;
        snapshot.AvailableMarginE6 = _portfolio.AvailableMarginE6;
        snapshot.GrossNotionalE6 = _portfolio.GrossNotionalE6;
        snapshot.FeesE6 = _portfolio.FeesE6;
        snapshot.DailyDrawdown = _portfolio.DailyDrawdown;
        snapshot.DailyVar = _portfolio.DailyVar;
        snapshot.Volatility = market.Volatility;
        snapshot.WeeklyDrawdown = _portfolio.WeeklyDrawdown;
    }
}
