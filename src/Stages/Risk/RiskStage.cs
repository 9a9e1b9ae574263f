using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>
/// Approves, cuts or refuses every decision, and every operator's close. Every decision follows from the events alone,
/// their times included.
/// </summary>
public sealed class RiskStage : IStateful
{
    private RiskLimits _limits;
    private readonly TradingDay _day;
    private readonly PendingExposure _exposure;
    private readonly RiskWatch _watch;
    private readonly PreTradeLimits _preTrade;

    /// <param name="instruments">Of the events' indices.</param>
    /// <param name="varModel">Of the same instruments.</param>
    /// <param name="limits">What orders are held against.</param>
    /// <param name="day">When the trade count starts anew.</param>
    /// <param name="scenarios">Of the same instruments; null: the historical shortfall is not checked.</param>
    /// <param name="places">Orders told apart.</param>
    /// <exception cref="ArgumentException">A limit is out of range, or beyond what an instrument is laid out for.
    /// </exception>
    public RiskStage(
        InstrumentTable instruments,
        VarModel varModel,
        RiskLimits limits,
        TradingDayOptions day,
        ScenarioModel? scenarios = null,
        int places = ExecutionLedger.OrderPlaces)
    {
        limits.Validate();
        CheckPositions(instruments, limits);
        _limits = limits;
        _day = new TradingDay(day);
        scenarios ??= new ScenarioModel(instruments, limits.ShortfallConfidence);
        _exposure = new PendingExposure(instruments, varModel, scenarios, places);
        _watch = new RiskWatch(instruments, limits, _exposure);
        _preTrade = new PreTradeLimits(varModel, limits, _exposure, _watch);
    }

    /// <summary>The limits that are in force. Any thread may ask.</summary>
    // Paired with the write in SetLimit.
    public RiskLimits Limits => Volatile.Read(ref _limits);

    /// <summary>Orders approved for signals.</summary>
    public long Approved { get; private set; }

    /// <summary>Of those, cut to a smaller size than was decided.</summary>
    public long Cut { get; private set; }

    /// <summary>Decisions refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Orders approved in the running trading day.</summary>
    public int TradesToday => _preTrade.TradesToday;

    /// <summary>Whether the kill switch is latched.</summary>
    public bool IsKilled => _watch.IsKilled;

    /// <summary>Whether an operator has stopped entries in an instrument.</summary>
    public bool IsEntryStopped(int instrument) => _watch.IsEntryStopped(instrument);

    /// <summary>What latched it.</summary>
    public KillCause KillCause => _watch.KillCause;

    /// <summary>The worst regime of any instrument.</summary>
    public VolatilityRegime Regime => _watch.Regime;

    /// <summary>What the open breakers ask for.</summary>
    public BreakerResponses Responses => _watch.Breakers.Responses;

    /// <summary>An instrument's own.</summary>
    public MarketRegime MarketRegimeOf(int instrument) => _watch.MarketRegimeOf(instrument);

    /// <summary>Signed contracts that approved and adopted orders may still execute.</summary>
    public int PendingQuantity(int instrument) => _exposure[instrument].PendingBuy - _exposure[instrument].PendingSell;

    public void OnEvent(ref PipelineEvent e)
    {
        var timeNs = e.Header.TimeNs;
        if (_day.TryRoll(timeNs))
        {
            _preTrade.StartDay();
            _watch.StartDay();
        }

        _watch.AdvanceTo(timeNs);
        Handle(ref e);
        e.Verdict.Changes = _watch.Changes;
        if (e.Header.Kind != EventKind.TradeQualified || e.Verdict.ApprovedQuantity <= 0)
            e.Verdict.Gate = _watch.Gate;
        if (_watch.Changes != RiskChanges.None || e.Header.Kind is not (EventKind.MarketUpdate or EventKind.Timer))
            _watch.WriteState(ref e);
    }

    public void Transfer(StateStream state)
    {
        state.Section("risk");
        var limits = ReloadableLimits.Transfer(state, _limits);
        if (!ReferenceEquals(limits, _limits))
            Use(limits);
        _day.Transfer(state);
        _exposure.Transfer(state);
        _watch.Transfer(state);
        _preTrade.Transfer(state);
        Approved = state.Next(Approved);
        Cut = state.Next(Cut);
        Refused = state.Next(Refused);
    }

    private void Handle(ref PipelineEvent e)
    {
        switch (e.Header.Kind)
        {
            case EventKind.TradeQualified:
                _exposure.Remember(in e);
                if (e.Signal.IsRepeated)
                    ProjectHeld(ref e);
                else
                    OnDecision(ref e);
                break;
            case EventKind.ExecutionReport:
                OnReport(ref e);
                break;
            case EventKind.Command:
                _exposure.Remember(in e);
                OnCommand(ref e);
                break;
            case EventKind.MarketUpdate:
                _exposure.Remember(in e);
                _watch.OnMarket(in e);
                _watch.OnAccount(in e);
                break;
            case EventKind.Timer:
                _watch.OnTimer(e.Header.TimeNs);
                break;
        }
    }

    private void OnDecision(ref PipelineEvent e)
    {
        _watch.OnSignal(in e);
        var sign = e.Decision.Side switch { Side.Buy => 1, Side.Sell => -1, _ => 0 };
        var quantity = sign == 0 ? 0 : Math.Max(0, e.Decision.Quantity);
        var frame = _exposure.FrameOf(in e, sign);
        _preTrade.Project(ref e, frame, quantity);
        if (quantity == 0)
            return;

        var gates = _preTrade.JudgeGates(ref e);
        var added = _preTrade.JudgeAddedRisk(in e);
        var violations = _preTrade.JudgeSize(ref e, frame, gates, added, quantity);
        e.Verdict.Violations = violations;
        if (violations == RiskViolations.None)
            Approve(ref e, frame, quantity);
        else if (_limits.CutToAdmissibleSize && gates == RiskViolations.None)
            CutOrRefuse(ref e, frame, added, quantity);
        else
            Refuse(in e);
    }

    private void Approve(ref PipelineEvent e, in OrderFrame frame, int quantity)
    {
        Approved++;
        _preTrade.CountTrade();
        e.Verdict.ApprovedQuantity = quantity;
        e.Verdict.TradesToday = TradesToday;
        e.Verdict.Reducing = frame.IsReducing(quantity) ? (byte)1 : (byte)0;
        // A breaker that lets a few orders try closes behind the last of them, not before it; but one that holds their
        // number down holds that of this one's parts down too.
        e.Verdict.Gate = (byte)(_watch.Gate & RiskVerdict.ThrottledGate);
        if (e.Verdict.Reducing == 0)
            _watch.Breakers.CountProbe();

        Pend(ref e, frame.Sign * quantity);
    }

    private void CutOrRefuse(ref PipelineEvent e, in OrderFrame frame, RiskViolations added, int quantity)
    {
        var admissible = _preTrade.LargestAdmissible(ref e, frame, added, quantity);
        if (admissible == 0)
        {
            Refuse(in e);
            return;
        }

        Cut++;
        Approve(ref e, frame, admissible);
    }

    private void Refuse(ref readonly PipelineEvent e)
    {
        Refused++;
        _watch.OnRefusal(in e);
    }

    private void OnReport(ref PipelineEvent e)
    {
        ref readonly var report = ref e.Payload.ExecutionReport;
        _exposure.Settle(in e, out var isFirst);
        if (!report.IsOfParent || report.Kind == ExecutionReportKind.Rejected)
            _watch.OnReport(in e, isFirst);
        _watch.OnAccount(in e);
        ProjectHeld(ref e);
        ref var risk = ref _exposure[e.Header.InstrumentIndex];
        if (report.IsOfParent && risk.IsClosing && OrderIds.IsOf(report.OrderId, risk.ClosingParent))
            risk.ClosingParent = 0;
    }

    /// <summary>
    /// An operator's close is a parent order that only takes risk off: nothing is reserved for it, and it is held
    /// against no limit. Routing ends what works in the instrument and closes what is held then; until it says that it
    /// has, the instrument takes no signal. A command that comes while one is under way has no parent of its own.
    /// </summary>
    private void OnCommand(ref PipelineEvent e)
    {
        ref readonly var command = ref e.Payload.Command;
        if (command.Kind == CommandKind.Kill)
            _watch.Trip(KillCause.Command);
        else if (command.Kind == CommandKind.Resume && command.Reason != 0)
            _watch.Release();
        else if (command.Kind == CommandKind.StopEntries)
            _watch.StopEntries(e.Header.InstrumentIndex);
        else if (command.Kind == CommandKind.ResumeEntries && command.Reason != 0)
            _watch.ResumeEntries(e.Header.InstrumentIndex);
        else if (command.Kind is CommandKind.JournalDegraded or CommandKind.JournalRestored)
            _watch.SetJournal(command.Kind == CommandKind.JournalDegraded);
        else if (command.Kind == CommandKind.Restart)
            Restart(in command);
        else if (command.Kind == CommandKind.Reconciled)
            _watch.EndReconciling();

        if (command.Kind == CommandKind.SetLimit)
            SetLimit(in command);

        ProjectHeld(ref e);
        ref var risk = ref _exposure[e.Header.InstrumentIndex];
        if (command.Kind != CommandKind.CloseAll || risk.IsClosing || (risk.Position == 0 && !risk.IsPending))
            return;

        var quantity = Math.Abs(risk.Position);
        _preTrade.Project(ref e, _exposure.FrameOf(in e, -Math.Sign(risk.Position)), quantity);
        risk.ClosingParent = _exposure.Orders.NextId();
        e.Verdict.ParentId = risk.ClosingParent;
        e.Verdict.ApprovedQuantity = quantity;
        e.Verdict.Reducing = 1;
        _preTrade.CountOrder(e.Header.TimeNs);
    }

    /// <summary>From this event on; what was approved before stays approved.</summary>
    private void SetLimit(in Command command)
    {
        if (command.Limit == LimitKey.MaxPosition)
            _exposure.GrantPositions();
        Use(ReloadableLimits.With(_limits, command.Limit, command.LimitValue));
    }

    private void Use(RiskLimits limits)
    {
        _watch.SetLimits(limits);
        _preTrade.SetLimits(limits);
        // Paired with the read in Limits.
        Volatile.Write(ref _limits, limits);
    }

    private void Restart(ref readonly Command command)
    {
        _exposure.Orders.Skip(command.Quantity);
        _watch.Restart();
    }

    /// <summary>Writes the verdict of an event without an order: what is held and where pending orders lead.</summary>
    private void ProjectHeld(ref PipelineEvent e) => _preTrade.Project(ref e, _exposure.FrameOf(in e, 0), 0);

    /// <summary>Takes an approved order in, and gives it its id.</summary>
    private void Pend(ref PipelineEvent e, int signed)
    {
        e.Verdict.ParentId = _exposure.Pend(e.Header.InstrumentIndex, signed, e.Header.TimeNs);
        _preTrade.CountOrder(e.Header.TimeNs);
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
