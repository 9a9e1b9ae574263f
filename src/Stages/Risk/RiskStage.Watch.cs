using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>What the stage watches by itself: kill switch, regimes, breakers.</summary>
public sealed partial class RiskStage
{
    private readonly int[] _regimeCounts = new int[(int)VolatilityRegime.Crisis + 1];
    private int _wildInstruments;
    private bool _isLossCapArmed = true;

    /// <summary>Whether the kill switch is latched.</summary>
    public bool IsKilled => KillCause != KillCause.None;

    /// <summary>What latched it.</summary>
    public KillCause KillCause { get; private set; }

    /// <summary>The worst regime of any instrument.</summary>
    public VolatilityRegime Regime { get; private set; }

    /// <summary>What the open breakers ask for.</summary>
    public BreakerResponses Responses => _breakers.Responses;

    /// <summary>An instrument's own.</summary>
    public MarketRegime MarketRegimeOf(int instrument) => _regimes[instrument].Market;

    /// <summary>Writes the state into the verdict of an event.</summary>
    private void WriteState(ref PipelineEvent e)
    {
        ref var verdict = ref e.Verdict;
        verdict.KillSwitch = IsKilled ? (byte)1 : (byte)0;
        verdict.KillCause = KillCause;
        verdict.Volatility = Regime;
        verdict.Regime = _regimes[e.Header.InstrumentIndex].Market;
        verdict.Responses = _breakers.Responses;
        verdict.BreakerStates = _breakers.States;
    }

    private void Trip(KillCause cause)
    {
        if (IsKilled)
            return;

        KillCause = cause;
        _changes |= RiskChanges.Tripped;
    }

    private void Release()
    {
        if (!IsKilled)
            return;

        KillCause = KillCause.None;
        _changes |= RiskChanges.Released;
    }

    private void WatchMarket(ref PipelineEvent e, ref InstrumentRisk risk)
    {
        risk.MarketTimeNs = e.Header.TimeNs;
        var volatility = e.Portfolio.Volatility;
        var isWild = _breakers.IsWild(volatility);
        if (isWild != risk.IsWild)
        {
            risk.IsWild = isWild;
            _wildInstruments += isWild ? 1 : -1;
        }

        if (_breakers.TryObserveMarket(_wildInstruments > 0, e.Header.TimeNs))
            _changes |= RiskChanges.Breaker;
        if (risk.MarkPriceE9 > 0)
            WatchRegime(ref e, volatility);
    }

    private void WatchRegime(ref PipelineEvent e, double volatility)
    {
        var detector = _regimes[e.Header.InstrumentIndex];
        var before = detector.Volatility;
        if (!detector.TryUpdate(volatility, e.Portfolio.MarkPriceE9, e.Header.TimeNs))
            return;

        _regimeCounts[(int)before]--;
        _regimeCounts[(int)detector.Volatility]++;
        Regime = _regimeCounts[(int)VolatilityRegime.Crisis] > 0 ? VolatilityRegime.Crisis
            : _regimeCounts[(int)VolatilityRegime.Volatile] > 0 ? VolatilityRegime.Volatile
            : VolatilityRegime.Normal;
        _changes |= RiskChanges.Regime;
    }

    /// <summary>
    /// The account after a market update or a report. Not after a signal: what that says of the drawdown is the
    /// engine's word.
    /// </summary>
    private void WatchAccount(ref PipelineEvent e)
    {
        var isBeyond = e.Portfolio.DailyDrawdown >= _limits.KillSwitch.DailyLossCap;
        if (isBeyond && _isLossCapArmed)
            Trip(KillCause.LossCap);

        _isLossCapArmed = !isBeyond;
        if (_limits.KillSwitch.TripsOnPositionBreach
            && e.Header.Kind == EventKind.ExecutionReport
            && Math.Abs((long)e.Portfolio.Position) > _limits.MaxPosition)
            Trip(KillCause.PositionBreach);
    }
}
