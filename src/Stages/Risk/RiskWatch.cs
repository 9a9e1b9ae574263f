using System.Numerics;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Regimes;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>What is watched whether or not there are orders: kill switch, circuit breakers, regimes.</summary>
internal sealed class RiskWatch : IStateful
{
    /// <summary>What a breaker asks for that only another venue could give.</summary>
    public const BreakerResponses VenueResponses =
        BreakerResponses.BackupVenue | BreakerResponses.Reroute | BreakerResponses.HoldOrders;

    /// <summary>What refuses whatever would add risk: orders that break nothing else are no fault of the engine's.
    /// </summary>
    private const RiskViolations Stops = RiskViolations.KillSwitch | RiskViolations.EntriesStopped
        | RiskViolations.JournalDegraded | RiskViolations.Reconciling | RiskViolations.Closing
        | RiskViolations.PausedStrategy | RiskViolations.VenueFailing;

    private const long MillisecondNs = 1_000_000;

    /// <summary>The volatility's window of a minute, and the second that the last price fell in.</summary>
    private const long VolatilityMemoryNs = 61_000_000_000;

    private RiskLimits _limits;
    private readonly PendingExposure _exposure;
    private readonly RegimeDetector[] _regimes;
    private readonly int[] _regimeCounts = new int[(int)VolatilityRegime.Crisis + 1];
    private readonly EventRate _refusalRate;

    /// <summary>Instruments whose realised volatility is at the breaker's threshold: a bit each.</summary>
    private ulong _wild;

    /// <summary>Instruments in another regime than the normal one: a bit each.</summary>
    private ulong _unsettled;

    /// <summary>Instruments in which an operator has stopped entries: a bit each.</summary>
    private ulong _stopped;

    private bool _isLossCapArmed = true;
    private bool _isJournalDegraded;
    private bool _isReconciling;

    /// <param name="instruments">Of the events' indices.</param>
    /// <param name="limits">Validated.</param>
    /// <param name="exposure">Knows price and time of each instrument's last market.</param>
    public RiskWatch(InstrumentTable instruments, RiskLimits limits, PendingExposure exposure)
    {
        _limits = limits;
        _exposure = exposure;
        Breakers = new BreakerPanel(limits.Breakers);
        _refusalRate = new EventRate(
            Math.Max(1, limits.KillSwitch.MaxRefusals), limits.KillSwitch.RefusalWindowMs * MillisecondNs);
        _regimes = [.. instruments.All.ToArray().Select(i => new RegimeDetector(limits.Regimes, i.DailyVolatility))];
        _regimeCounts[(int)VolatilityRegime.Normal] = instruments.Count;
    }

    public BreakerPanel Breakers { get; }

    /// <summary>What has changed with the event that is being handled.</summary>
    public RiskChanges Changes { get; private set; }

    public bool IsKilled => KillCause != KillCause.None;

    public KillCause KillCause { get; private set; }

    /// <summary>Whether the journal of inputs is in trouble, so that nothing may add risk.</summary>
    public bool IsJournalDegraded => _isJournalDegraded;

    /// <summary>Whether after a restart the venues have not said what became of every order.</summary>
    public bool IsReconciling => _isReconciling;

    /// <summary>See <see cref="RiskVerdict.Gate"/>.</summary>
    public byte Gate => IsKilled || _isJournalDegraded || _isReconciling || (Breakers.Responses & VenueResponses) != 0
        ? byte.MaxValue
        : (byte)(Breakers.PausedStrategies
            | ((Breakers.Responses & BreakerResponses.Throttle) != 0 ? RiskVerdict.ThrottledGate : 0));

    /// <summary>The worst regime of any instrument.</summary>
    public VolatilityRegime Regime { get; private set; }

    public MarketRegime MarketRegimeOf(int instrument) => _regimes[instrument].Market;

    /// <summary>Whether an operator lets no order that adds risk leave for an instrument.</summary>
    public bool IsEntryStopped(int instrument) => (_stopped >> instrument & 1) != 0;

    /// <summary>Begins an event: lets its time pass.</summary>
    public void AdvanceTo(long timeNs)
    {
        Changes = RiskChanges.None;
        NoteBreaker(Breakers.TryRecover(timeNs) | Breakers.TryObserveWaiting(_exposure.Orders, timeNs));
    }

    /// <summary>Writes the state into the verdict of an event.</summary>
    public void WriteState(ref PipelineEvent e)
    {
        ref var verdict = ref e.Verdict;
        verdict.KillSwitch = IsKilled ? (byte)1 : (byte)0;
        verdict.KillCause = KillCause;
        verdict.EntriesStopped = IsEntryStopped(e.Header.InstrumentIndex) ? (byte)1 : (byte)0;
        verdict.Volatility = Regime;
        verdict.Regime = _regimes[e.Header.InstrumentIndex].Market;
        verdict.Responses = Breakers.Responses;
        verdict.BreakerStates = Breakers.States;
    }

    public void Trip(KillCause cause)
    {
        if (IsKilled)
            return;

        KillCause = cause;
        Changes |= RiskChanges.Tripped;
    }

    public void Release()
    {
        if (!IsKilled)
            return;

        KillCause = KillCause.None;
        Changes |= RiskChanges.Released;
    }

    /// <summary>Stops entries in an instrument, apart from the kill switch: neither releases the other.</summary>
    public void StopEntries(int instrument)
    {
        if (IsEntryStopped(instrument))
            return;

        _stopped |= 1UL << instrument;
        Changes |= RiskChanges.EntriesStopped;
    }

    public void ResumeEntries(int instrument)
    {
        if (!IsEntryStopped(instrument))
            return;

        _stopped &= ~(1UL << instrument);
        Changes |= RiskChanges.EntriesResumed;
    }

    /// <summary>Notes whether the journal is in trouble.</summary>
    public void SetJournal(bool isDegraded)
    {
        if (_isJournalDegraded == isDegraded)
            return;

        _isJournalDegraded = isDegraded;
        Changes |= RiskChanges.Journal;
    }

    /// <summary>The pipeline was started anew: its journal is whole, and venues are asked for the orders.</summary>
    public void Restart()
    {
        SetJournal(isDegraded: false);
        _isReconciling = true;
        Changes |= RiskChanges.Journal;
    }

    /// <summary>The venues have answered, or the time for it is over.</summary>
    public void EndReconciling()
    {
        if (!_isReconciling)
            return;

        _isReconciling = false;
        Changes |= RiskChanges.Journal;
    }

    /// <summary>A market update, which the exposure has been told of.</summary>
    public void OnMarket(ref readonly PipelineEvent e)
    {
        var index = e.Header.InstrumentIndex;
        var timeNs = e.Header.TimeNs;
        ref var risk = ref _exposure[index];
        if (IsPriced(in e))
            risk.MarketTimeNs = timeNs;
        var volatility = e.Portfolio.Volatility;
        var bit = 1UL << index;
        _wild = Breakers.IsWild(volatility) ? _wild | bit : _wild & ~bit;
        NoteBreaker(Breakers.TryObserveMarket(IsAnyWild(timeNs), timeNs));
        // A signal's price may be remembered; it is not the market's.
        if (e.Portfolio.MarkPriceE9 <= 0)
            return;

        _exposure.ObservePrice(index, timeNs);
        WatchRegime(index, volatility, timeNs);
    }

    /// <summary>A signal was taken in.</summary>
    public void OnSignal(ref readonly PipelineEvent e) =>
        NoteBreaker(Breakers.TryObserveSignal(
            e.Header.TimeNs - e.Payload.TradeQualified.SendTimeNs, e.Header.TimeNs));

    /// <summary>A report of an order; <paramref name="isFirst"/>: its first answer.</summary>
    public void OnReport(ref readonly PipelineEvent e, bool isFirst)
    {
        if (isFirst)
            NoteBreaker(Breakers.TryObserveAnswer(e.Header.TimeNs));
        if (e.Resolution.Ended != 0)
            NoteBreaker(Breakers.TryObserveOrder(e.Payload.ExecutionReport, e.Header.TimeNs));
    }

    /// <summary>A decision was refused: too many within a while trip the kill switch.</summary>
    public void OnRefusal(ref readonly PipelineEvent e)
    {
        if (_limits.KillSwitch.MaxRefusals == 0 || (e.Verdict.Violations & ~Stops) == RiskViolations.None)
            return;

        _refusalRate.Add(e.Header.TimeNs);
        if (_refusalRate.Count >= _limits.KillSwitch.MaxRefusals)
            Trip(KillCause.RefusalBreach);
    }

    /// <summary>
    /// The account after a market update or a report. Not after a signal: what that says of the drawdown is the
    /// engine's word.
    /// </summary>
    public void OnAccount(ref readonly PipelineEvent e)
    {
        WatchLoss(in e);
        if (!_limits.KillSwitch.TripsOnPositionBreach || e.Header.Kind != EventKind.ExecutionReport)
            return;

        var position = e.Portfolio.Position;
        var granted = _exposure[e.Header.InstrumentIndex].GrantedOn(position);
        if (Math.Abs((long)position) > Math.Max(_limits.MaxPosition, granted))
            Trip(KillCause.PositionBreach);
    }

    /// <summary>A new trading day: its loss may reach the cap again, whatever the one before did.</summary>
    public void StartDay() => _isLossCapArmed = true;

    /// <summary>
    /// A loss trips the switch once where it reaches its cap: who releases it knows of the loss. Not so who releases it
    /// from another kill, under which the cap was reached.
    /// </summary>
    private void WatchLoss(ref readonly PipelineEvent e)
    {
        var isBeyond = e.Portfolio.DailyDrawdown >= _limits.KillSwitch.DailyLossCap;
        if (isBeyond && KillCause is not (KillCause.None or KillCause.LossCap))
            return;

        if (isBeyond && _isLossCapArmed)
            Trip(KillCause.LossCap);
        _isLossCapArmed = !isBeyond;
    }

    /// <summary>
    /// An instrument that has fallen silent brings no update that would end its regime, which is the whole portfolio's
    /// as long as it is the worst: the risk timer ends it when its last minute holds no move. Where all are silent, no
    /// update tells the breaker of volatility that the market is calm, so the timer is an observation too.
    /// </summary>
    public void OnTimer(long timeNs)
    {
        NoteBreaker(Breakers.TryObserveMarket(IsAnyWild(timeNs), timeNs));
        for (var left = _unsettled; left != 0; left &= left - 1)
        {
            var index = BitOperations.TrailingZeroCount(left);
            if (timeNs - _exposure[index].MarketTimeNs > VolatilityMemoryNs)
                WatchRegime(index, volatility: 0, timeNs);
        }
    }

    /// <summary>Other limits are in force from the next event on.</summary>
    public void SetLimits(RiskLimits limits) => _limits = limits;

    public void Transfer(StateStream state)
    {
        Breakers.Transfer(state);
        foreach (var regime in _regimes)
            regime.Transfer(state);
        state.Array(_regimeCounts);
        _refusalRate.Transfer(state);
        state.Value(ref _wild);
        state.Value(ref _stopped);
        state.Value(ref _unsettled);
        state.Value(ref _isLossCapArmed);
        state.Value(ref _isJournalDegraded);
        state.Value(ref _isReconciling);
        Changes = state.Next(Changes);
        KillCause = state.Next(KillCause);
        Regime = state.Next(Regime);
    }

    private void NoteBreaker(bool isChanged) => Changes |= isChanged ? RiskChanges.Breaker : RiskChanges.None;

    /// <summary>An update that empties the book tells no price: what was known grows old.</summary>
    private static bool IsPriced(ref readonly PipelineEvent e) =>
        e.Portfolio.BidPriceE9 != MarketUpdate.NoPrice
        || e.Portfolio.AskPriceE9 != MarketUpdate.NoPrice
        || e.Payload.MarketUpdate.TradeQuantity > 0;

    /// <summary>An instrument that has fallen silent is wild no more when its last minute holds no move.</summary>
    private bool IsAnyWild(long timeNs)
    {
        for (var left = _wild; left != 0; left &= left - 1)
        {
            var index = BitOperations.TrailingZeroCount(left);
            if (timeNs - _exposure[index].MarketTimeNs > VolatilityMemoryNs)
                _wild &= ~(1UL << index);
        }

        return _wild != 0;
    }

    private void WatchRegime(int index, double volatility, long timeNs)
    {
        var detector = _regimes[index];
        var before = detector.Volatility;
        if (!detector.TryUpdate(volatility, _exposure[index].MarkPriceE9, timeNs))
            return;

        _regimeCounts[(int)before]--;
        _regimeCounts[(int)detector.Volatility]++;
        var bit = 1UL << index;
        _unsettled = detector.Volatility != VolatilityRegime.Normal ? _unsettled | bit : _unsettled & ~bit;
        Regime = _regimeCounts[(int)VolatilityRegime.Crisis] > 0 ? VolatilityRegime.Crisis
            : _regimeCounts[(int)VolatilityRegime.Volatile] > 0 ? VolatilityRegime.Volatile
            : VolatilityRegime.Normal;
        Changes |= RiskChanges.Regime;
    }
}
