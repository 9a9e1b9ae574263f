using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>
/// Holds every decision against the limits and says all that it breaks. An order is judged by the worst that it can
/// lead to: with what is pending on its side filled and nothing on the other. Position and mark of each instrument are
/// remembered from its events, for a limit over the portfolio needs all of them at once. The verdict of market updates
/// and timers is left as it was, for nobody reads it.
/// </summary>
public sealed partial class RiskStage
{
    private readonly InstrumentTable _instruments;
    private readonly VarModel _varModel;
    private readonly TradingDay _day;
    private readonly ExecutionIdFilter _executions;
    private readonly InstrumentRisk[] _risks;
    private readonly double[] _exposures;
    private readonly int _maxPosition;
    private readonly long _maxNotionalE6;
    private readonly double _maxDailyVar;
    private readonly double _maxDailyDrawdown;
    private readonly int _maxOrderSize;
    private readonly int _maxDailyTrades;
    private readonly bool _isReducingFree;
    private long _grossNotionalE6;
    private int _tradesToday;

    /// <param name="instruments">Of the events' indices.</param>
    /// <param name="varModel">Of the same instruments.</param>
    /// <param name="limits">What orders are held against.</param>
    /// <param name="day">When the trade count starts anew.</param>
    /// <exception cref="ArgumentException">A limit is out of range, or beyond what an instrument is laid out for.
    /// </exception>
    public RiskStage(InstrumentTable instruments, VarModel varModel, RiskLimits limits, TradingDayOptions day)
    {
        limits.Validate();
        foreach (var instrument in instruments.All)
        {
            if (limits.MaxPosition > instrument.MaxPosition)
            {
                throw new ArgumentException(
                    $"risk limits: MaxPosition {limits.MaxPosition} is above instrument '{instrument.Symbol}' " +
                    $"MaxPosition {instrument.MaxPosition}: lower the one or raise the other.");
            }
        }

        _instruments = instruments;
        _varModel = varModel;
        _day = new TradingDay(day);
        _executions = new ExecutionIdFilter();
        _risks = new InstrumentRisk[instruments.Count];
        _exposures = new double[instruments.Count];
        _maxPosition = limits.MaxPosition;
        _maxNotionalE6 = (long)(limits.MaxNotional * 1e6m);
        _maxDailyVar = limits.MaxDailyVar;
        _maxDailyDrawdown = limits.MaxDailyDrawdown;
        _maxOrderSize = limits.MaxOrderSize;
        _maxDailyTrades = limits.MaxDailyTrades;
        _isReducingFree = limits.ReducingOrdersPassKillSwitch;
    }

    /// <summary>Whether the kill switch is latched.</summary>
    public bool IsKilled { get; private set; }

    /// <summary>Orders approved for signals.</summary>
    public long Approved { get; private set; }

    /// <summary>Decisions refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Orders approved in the running trading day.</summary>
    public int TradesToday => _tradesToday;

    /// <summary>Signed contracts that approved orders may still execute.</summary>
    public int PendingQuantity(int instrument) => _risks[instrument].PendingBuy - _risks[instrument].PendingSell;

    public void OnEvent(ref PipelineEvent e)
    {
        if (_day.TryRoll(e.Header.TimeNs))
            _tradesToday = 0;

        ref var risk = ref _risks[e.Header.InstrumentIndex];
        switch (e.Header.Kind)
        {
            case EventKind.TradeQualified:
                Remember(ref e, ref risk);
                OnDecision(ref e, ref risk);
                break;
            case EventKind.ExecutionReport:
                Settle(e.Payload.ExecutionReport, ref risk);
                Remember(ref e, ref risk);
                OnSettled(ref e, ref risk);
                break;
            case EventKind.Command:
                Remember(ref e, ref risk);
                OnCommand(ref e, ref risk);
                break;
            case EventKind.MarketUpdate:
                Remember(ref e, ref risk);
                break;
        }
    }

    private void Remember(ref PipelineEvent e, ref InstrumentRisk risk)
    {
        risk.Position = e.Portfolio.Position;
        risk.MarkPriceE9 = e.Portfolio.MarkPriceE9;
        Revalue(e.Header.InstrumentIndex, ref risk);
    }

    /// <summary>Keeps the sums over all instruments up to date: O(1).</summary>
    private void Revalue(int index, ref InstrumentRisk risk)
    {
        var instrument = _instruments[index];
        var worst = Math.Max(Math.Abs(risk.Highest), Math.Abs(risk.Lowest));
        var notionalE6 = instrument.ValueE6(risk.MarkPriceE9, worst);
        _grossNotionalE6 += notionalE6 - risk.NotionalE6;
        risk.NotionalE6 = notionalE6;
        var settled = (long)risk.Position + risk.PendingBuy - risk.PendingSell;
        _exposures[index] = instrument.ValueE6(risk.MarkPriceE9, settled) * 1e-6;
    }

    /// <summary>Takes off what is pending no more: executed, or ended without.</summary>
    private void Settle(in ExecutionReport report, ref InstrumentRisk risk)
    {
        if (!_executions.TryAdd(report.ExecutionId))
            return;

        var settled = report.Kind == ExecutionReportKind.Trade ? report.LastQuantity : report.ReleasedQuantity;
        if (report.Side == Side.Buy)
            risk.PendingBuy = Math.Max(0, risk.PendingBuy - settled);
        else
            risk.PendingSell = Math.Max(0, risk.PendingSell - settled);
    }

    private void Pend(int index, ref InstrumentRisk risk, int signed)
    {
        if (signed > 0)
            risk.PendingBuy += signed;
        else
            risk.PendingSell -= signed;
        Revalue(index, ref risk);
    }
}
