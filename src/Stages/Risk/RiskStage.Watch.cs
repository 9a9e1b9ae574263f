using System.Numerics;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>What the stage watches by itself: kill switch, regimes, breakers.</summary>
public sealed partial class RiskStage
{
    /// <summary>The volatility's window of a minute, and the second that the last price fell in.</summary>
    private const long VolatilityMemoryNs = 61_000_000_000;

    private readonly int[] _regimeCounts = new int[(int)VolatilityRegime.Crisis + 1];

    /// <summary>Instruments whose realised volatility is at the breaker's threshold: a bit each.</summary>
    private ulong _wild;

    /// <summary>Instruments in another regime than the normal one: a bit each.</summary>
    private ulong _unsettled;

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
        if (IsPriced(in e))
            risk.MarketTimeNs = e.Header.TimeNs;
        var volatility = e.Portfolio.Volatility;
        var bit = 1UL << e.Header.InstrumentIndex;
        _wild = _breakers.IsWild(volatility) ? _wild | bit : _wild & ~bit;
        if (_breakers.TryObserveMarket(IsAnyWild(e.Header.TimeNs), e.Header.TimeNs))
            _changes |= RiskChanges.Breaker;
        if (risk.MarkPriceE9 <= 0)
            return;

        _exposures.TryObserve(e.Header.InstrumentIndex, risk.MarkPriceE9, e.Header.TimeNs);
        WatchRegime(e.Header.InstrumentIndex, volatility, e.Header.TimeNs);
    }

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
            if (timeNs - _risks[index].MarketTimeNs > VolatilityMemoryNs)
                _wild &= ~(1UL << index);
        }

        return _wild != 0;
    }

    /// <summary>
    /// An instrument that has fallen silent brings no update that would end its regime, which is the whole portfolio's
    /// as long as it is the worst: the risk timer ends it when its last minute holds no move.
    /// </summary>
    private void CalmSilent(long timeNs)
    {
        for (var left = _unsettled; left != 0; left &= left - 1)
        {
            var index = BitOperations.TrailingZeroCount(left);
            if (timeNs - _risks[index].MarketTimeNs > VolatilityMemoryNs)
                WatchRegime(index, volatility: 0, timeNs);
        }
    }

    private void WatchRegime(int index, double volatility, long timeNs)
    {
        var detector = _regimes[index];
        var before = detector.Volatility;
        if (!detector.TryUpdate(volatility, _risks[index].MarkPriceE9, timeNs))
            return;

        _regimeCounts[(int)before]--;
        _regimeCounts[(int)detector.Volatility]++;
        var bit = 1UL << index;
        _unsettled = detector.Volatility != VolatilityRegime.Normal ? _unsettled | bit : _unsettled & ~bit;
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
