using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Regimes;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>
/// Holds every decision against the limits and says all that it breaks. An order is judged by the worst that it can
/// lead to: with what is pending on its side filled and nothing on the other. Position and mark of each instrument are
/// remembered from its events, for a limit over the portfolio needs all of them at once. Every decision follows from
/// the events alone, their times included.
/// </summary>
public sealed partial class RiskStage
{
    private const long MillisecondNs = 1_000_000;
    private const long SecondNs = 1_000_000_000;

    private readonly InstrumentTable _instruments;
    private readonly VarModel _varModel;
    private readonly RiskLimits _limits;
    private readonly LimitTable _table;
    private readonly TradingDay _day;
    private readonly RecentIds _signals;
    private readonly PendingOrders _pending = new();
    private readonly EventRate _orders;
    private readonly EventRate _refusals;
    private readonly BreakerPanel _breakers;
    private readonly RegimeDetector[] _regimes;
    private readonly InstrumentRisk[] _risks;
    private readonly ExposureRisk _exposures;
    private readonly ScenarioRisk _scenarios;
    private readonly int[] _sectors;
    private readonly long[] _sectorNotionalE6;
    private long _grossNotionalE6;
    private long _marginE6;
    private ulong _mayBeLong;
    private ulong _mayBeShort;
    private int _tradesToday;
    private RiskChanges _changes;

    /// <param name="instruments">Of the events' indices.</param>
    /// <param name="varModel">Of the same instruments.</param>
    /// <param name="limits">What orders are held against.</param>
    /// <param name="day">When the trade count starts anew.</param>
    /// <param name="scenarios">Of the same instruments; null: the historical shortfall is not checked.</param>
    /// <exception cref="ArgumentException">A limit is out of range, or beyond what an instrument is laid out for.
    /// </exception>
    public RiskStage(
        InstrumentTable instruments,
        VarModel varModel,
        RiskLimits limits,
        TradingDayOptions day,
        ScenarioModel? scenarios = null)
    {
        limits.Validate();
        CheckPositions(instruments, limits);
        _instruments = instruments;
        _varModel = varModel;
        _limits = limits;
        _table = new LimitTable(limits, varModel);
        _day = new TradingDay(day);
        _signals = new RecentIds(limits.SignalIdsRemembered);
        _orders = new EventRate(limits.MaxOrdersPerSecond, SecondNs);
        _refusals = new EventRate(
            Math.Max(1, limits.KillSwitch.MaxRefusals), limits.KillSwitch.RefusalWindowMs * MillisecondNs);
        _breakers = new BreakerPanel(limits.Breakers);
        _regimes = [.. instruments.All.ToArray().Select(i => new RegimeDetector(limits.Regimes, i.DailyVolatility))];
        _regimeCounts[(int)VolatilityRegime.Normal] = instruments.Count;
        _risks = new InstrumentRisk[instruments.Count];
        _exposures = new ExposureRisk(varModel);
        _scenarios = new ScenarioRisk(scenarios ?? new ScenarioModel(instruments, limits.ShortfallConfidence));
        _sectors = LimitTable.SectorsOf(instruments);
        _sectorNotionalE6 = new long[instruments.Count];
    }

    /// <summary>Orders approved for signals.</summary>
    public long Approved { get; private set; }

    /// <summary>Of those, cut to a smaller size than was decided.</summary>
    public long Cut { get; private set; }

    /// <summary>Decisions refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Orders approved in the running trading day.</summary>
    public int TradesToday => _tradesToday;

    /// <summary>Signed contracts that approved orders may still execute.</summary>
    public int PendingQuantity(int instrument) => _risks[instrument].PendingBuy - _risks[instrument].PendingSell;

    public void OnEvent(ref PipelineEvent e)
    {
        var timeNs = e.Header.TimeNs;
        if (_day.TryRoll(timeNs))
            _tradesToday = 0;

        _changes = RiskChanges.None;
        if (_breakers.TryRecover(timeNs) | _breakers.TryObserveWaiting(_pending, timeNs))
            _changes |= RiskChanges.Breaker;

        Handle(ref e, ref _risks[e.Header.InstrumentIndex]);
        e.Verdict.Changes = _changes;
        if (_changes != RiskChanges.None || e.Header.Kind is not (EventKind.MarketUpdate or EventKind.Timer))
            WriteState(ref e);
    }

    private void Handle(ref PipelineEvent e, ref InstrumentRisk risk)
    {
        switch (e.Header.Kind)
        {
            case EventKind.TradeQualified:
                Remember(ref e, ref risk);
                OnDecision(ref e, ref risk);
                break;
            case EventKind.ExecutionReport:
                Settle(ref e, ref risk);
                Remember(ref e, ref risk);
                WatchAccount(ref e);
                OnSettled(ref e, ref risk);
                break;
            case EventKind.Command:
                Remember(ref e, ref risk);
                OnCommand(ref e, ref risk);
                break;
            case EventKind.MarketUpdate:
                Remember(ref e, ref risk);
                WatchMarket(ref e, ref risk);
                WatchAccount(ref e);
                break;
            case EventKind.Timer:
                CalmSilent(e.Header.TimeNs);
                break;
        }
    }

    private void Remember(ref PipelineEvent e, ref InstrumentRisk risk)
    {
        risk.Position = e.Portfolio.Position;
        risk.MarkPriceE9 = e.Portfolio.MarkPriceE9;
        Revalue(e.Header.InstrumentIndex, ref risk);
    }

    /// <summary>Keeps the sums over all instruments up to date.</summary>
    private void Revalue(int index, ref InstrumentRisk risk)
    {
        var instrument = _instruments[index];
        var worst = Math.Max(Math.Abs(risk.Highest), Math.Abs(risk.Lowest));
        var notionalE6 = instrument.ValueE6(risk.MarkPriceE9, worst);
        _grossNotionalE6 += notionalE6 - risk.NotionalE6;
        _sectorNotionalE6[_sectors[index]] += notionalE6 - risk.NotionalE6;
        risk.NotionalE6 = notionalE6;
        var marginE6 = worst * instrument.MarginPerContractE6;
        _marginE6 += marginE6 - risk.MarginE6;
        risk.MarginE6 = marginE6;

        var bit = 1UL << index;
        _mayBeLong = risk.Highest > 0 ? _mayBeLong | bit : _mayBeLong & ~bit;
        _mayBeShort = risk.Lowest < 0 ? _mayBeShort | bit : _mayBeShort & ~bit;
        var settled = (long)risk.Position + risk.PendingBuy - risk.PendingSell;
        var exposure = instrument.ValueE6(risk.MarkPriceE9, settled) * 1e-6;
        _exposures.Set(index, exposure);
        _scenarios.Set(index, exposure);
    }

    /// <summary>Takes off what is pending no more: executed, or ended without.</summary>
    private void Settle(ref PipelineEvent e, ref InstrumentRisk risk)
    {
        ref readonly var report = ref e.Payload.ExecutionReport;
        ref readonly var resolution = ref e.Resolution;
        var settled = _pending.Settle(report, resolution, out var isFirst);
        if (report.Side == Side.Buy)
            risk.PendingBuy -= settled;
        else
            risk.PendingSell -= settled;
        if (isFirst && _breakers.TryObserveAnswer(e.Header.TimeNs))
            _changes |= RiskChanges.Breaker;

        if (resolution.Ended != 0 && _breakers.TryObserveOrder(report, e.Header.TimeNs))
            _changes |= RiskChanges.Breaker;
    }

    /// <summary>Takes an approved order in, and gives it its id.</summary>
    private void Pend(ref PipelineEvent e, ref InstrumentRisk risk, int signed)
    {
        var (index, timeNs) = (e.Header.InstrumentIndex, e.Header.TimeNs);
        if (signed > 0)
            risk.PendingBuy += signed;
        else
            risk.PendingSell -= signed;
        e.Verdict.OrderId = _pending.Add(index, signed, timeNs);
        _orders.Add(timeNs);
        Revalue(index, ref risk);
    }

    private static void CheckPositions(InstrumentTable instruments, RiskLimits limits)
    {
        foreach (var instrument in instruments.All)
        {
            if (limits.MaxPosition > instrument.MaxPosition)
            {
                throw new ArgumentException(
                    $"risk limits: MaxPosition {limits.MaxPosition} is above instrument '{instrument.Symbol}' " +
                    $"MaxPosition {instrument.MaxPosition}: lower the one or raise the other.");
            }
        }
    }
}
