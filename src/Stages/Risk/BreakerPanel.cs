using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>The circuit breakers and what they observe, all of it from events.</summary>
internal sealed class BreakerPanel : IStateful
{
    private const long MillisecondNs = 1_000_000;
    private const double SecondNs = 1e9;

    private readonly CircuitBreaker[] _breakers;
    private readonly double[] _thresholds;
    private readonly OutcomeWindow[] _windows;
    private readonly long _lateNs;
    private readonly long _answerNs;
    private readonly uint _pausedStrategies;
    private int _troubled;

    /// <param name="options">Validated.</param>
    public BreakerPanel(BreakerOptions options)
    {
        var kinds = Enum.GetValues<BreakerKind>();
        _breakers = [.. kinds.Select(kind => new CircuitBreaker(options.LimitOf(kind).RecoveryS, options.Probes))];
        _thresholds = [.. kinds.Select(kind => options.LimitOf(kind).Threshold)];
        _windows = [.. kinds.Select(_ => new OutcomeWindow(options.WindowLength, options.MinimumSamples))];
        _lateNs = options.LateSignalMs * MillisecondNs;
        _answerNs = (long)(options.UnansweredOrder.Threshold * SecondNs);
        foreach (var strategy in options.PausedStrategies)
            _pausedStrategies |= 1u << (int)strategy;
    }

    /// <summary>What the breakers ask for as long as they block.</summary>
    public BreakerResponses Responses { get; private set; }

    /// <summary>Two bits a breaker.</summary>
    public ushort States { get; private set; }

    /// <summary>Lets time pass. Whether a breaker became half-open.</summary>
    public bool TryRecover(long timeNs)
    {
        if (_troubled == 0)
            return false;

        var isChanged = false;
        foreach (var breaker in _breakers)
            isChanged |= breaker.TryRecover(timeNs);
        Sum();
        return isChanged;
    }

    /// <summary>The strategies that are paused now, a bit each.</summary>
    public byte PausedStrategies =>
        (Responses & BreakerResponses.PauseStrategies) != 0 ? (byte)_pausedStrategies : (byte)0;

    public bool IsPaused(ExecutionStrategy strategy) => (PausedStrategies >> (int)strategy & 1) != 0;

    /// <summary>Whether an instrument's realised volatility is too high by itself.</summary>
    public bool IsWild(double volatility) => volatility >= _thresholds[(int)BreakerKind.MarketVolatility];

    /// <summary>A market update: whether any instrument is wild. Whether a state changed.</summary>
    public bool TryObserveMarket(bool isAnyWild, long timeNs) =>
        (isAnyWild || _troubled > 0) && TryObserve(BreakerKind.MarketVolatility, isAnyWild, timeNs);

    /// <summary>A signal was taken in. Whether a state changed.</summary>
    public bool TryObserveSignal(long waitedNs, long timeNs) =>
        TryObserveShare(BreakerKind.SystemLoad, waitedNs > _lateNs, timeNs);

    /// <summary>
    /// An order has ended. Whether a state changed. That a market is closed says nothing of how the venue executes, and
    /// what the gate held back has not come there.
    /// </summary>
    public bool TryObserveOrder(in ExecutionReport report, long timeNs)
    {
        if (report.Kind == ExecutionReportKind.Rejected && (report.IsForPhase || report.IsOfGate))
            return false;

        var isRejected = report.Kind == ExecutionReportKind.Rejected || report.IsUnknownOrder;
        var isUnavailable = isRejected && report.RejectReason == VenueRejectReason.TooManyOrders;
        return TryObserveShare(BreakerKind.ExecutionFailure, isRejected, timeNs)
            | TryObserveShare(BreakerKind.VenueUnavailability, isUnavailable, timeNs);
    }

    /// <summary>Time has passed: whether an order waits for its answer too long. Whether a state changed.</summary>
    public bool TryObserveWaiting(PendingOrders orders, long timeNs) =>
        orders.TryTakeOverdue(timeNs, _answerNs) && TryObserve(BreakerKind.UnansweredOrder, isBad: true, timeNs);

    /// <summary>The venue has answered an order for the first time. Whether a state changed.</summary>
    public bool TryObserveAnswer(long timeNs) => TryObserve(BreakerKind.UnansweredOrder, isBad: false, timeNs);

    /// <summary>An order that adds risk was sent.</summary>
    public void CountProbe()
    {
        if (_troubled == 0)
            return;

        foreach (var breaker in _breakers)
            breaker.CountProbe();
        Sum();
    }

    public void Transfer(StateStream state)
    {
        foreach (var breaker in _breakers)
            breaker.Transfer(state);
        foreach (var window in _windows)
            window.Transfer(state);
        state.Value(ref _troubled);
        Responses = state.Next(Responses);
        States = state.Next(States);
    }

    /// <summary>A half-open breaker goes by each single outcome: the share has been forgotten on opening.</summary>
    private bool TryObserveShare(BreakerKind kind, bool isBad, long timeNs)
    {
        var window = _windows[(int)kind];
        window.Add(isBad);
        if (_breakers[(int)kind].State == BreakerState.Closed)
            isBad = window.Share >= _thresholds[(int)kind];

        if (!TryObserve(kind, isBad, timeNs))
            return false;

        window.Clear();
        return true;
    }

    private bool TryObserve(BreakerKind kind, bool isBad, long timeNs)
    {
        if (!_breakers[(int)kind].TryObserve(isBad, timeNs))
            return false;

        Sum();
        return true;
    }

    private void Sum()
    {
        var states = 0;
        var responses = 0;
        _troubled = 0;
        for (var i = 0; i < _breakers.Length; i++)
        {
            states |= (int)_breakers[i].State << (2 * i);
            responses |= _breakers[i].IsBlocking ? 1 << i : 0;
            _troubled += _breakers[i].State == BreakerState.Closed ? 0 : 1;
        }

        States = (ushort)states;
        Responses = (BreakerResponses)responses;
    }
}
