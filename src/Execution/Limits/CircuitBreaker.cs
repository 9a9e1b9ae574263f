using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Limits;

/// <summary>
/// Closed until an observation is bad; then open for the recovery time; then half-open, where a few orders may try and
/// as many good observations in a row close it, while one bad one opens it anew. Tries that nothing was heard of are
/// given again after the recovery time, so that it never stays in between for good. By event time alone.
/// </summary>
public sealed class CircuitBreaker : IStateful
{
    private const long SecondNs = 1_000_000_000;

    private readonly long _recoveryNs;
    private readonly int _probes;
    private long _retryNs;
    private int _good;
    private int _tried;

    /// <param name="recoveryS">From opening to the first try, in seconds.</param>
    /// <param name="probes">Orders that may try, and good observations that close it.</param>
    public CircuitBreaker(int recoveryS, int probes)
    {
        _recoveryNs = recoveryS * SecondNs;
        _probes = probes;
    }

    public BreakerState State { get; private set; }

    /// <summary>Whether its response is in force for the next order.</summary>
    public bool IsBlocking => State == BreakerState.Open || (State == BreakerState.HalfOpen && _tried >= _probes);

    /// <summary>Lets time pass. Whether the breaker became half-open.</summary>
    public bool TryRecover(long timeNs)
    {
        if (!IsBlocking || timeNs < _retryNs)
            return false;

        var wasOpen = State == BreakerState.Open;
        State = BreakerState.HalfOpen;
        _good = wasOpen ? 0 : _good;
        _tried = 0;
        _retryNs = timeNs + _recoveryNs;
        return wasOpen;
    }

    /// <summary>Takes an observation in. Whether the state changed.</summary>
    public bool TryObserve(bool isBad, long timeNs)
    {
        if (isBad)
            return TryOpen(timeNs);
        if (State != BreakerState.HalfOpen || ++_good < _probes)
            return false;

        State = BreakerState.Closed;
        return true;
    }

    /// <summary>An order was sent that the half-open breaker let try.</summary>
    public void CountProbe()
    {
        if (State == BreakerState.HalfOpen)
            _tried++;
    }

    public void Transfer(StateStream state)
    {
        State = state.Next(State);
        state.Value(ref _retryNs);
        state.Value(ref _good);
        state.Value(ref _tried);
    }

    private bool TryOpen(long timeNs)
    {
        if (State == BreakerState.Open)
            return false;

        State = BreakerState.Open;
        _retryNs = timeNs + _recoveryNs;
        return true;
    }
}

/// <summary>The share of bad ones among the latest outcomes; all memory taken at start, O(1) each.</summary>
public sealed class OutcomeWindow : IStateful
{
    private readonly bool[] _isBad;
    private readonly int _minimum;
    private int _next;
    private int _count;
    private int _bad;

    /// <param name="length">The latest outcomes that count.</param>
    /// <param name="minimum">Outcomes below which there is no share.</param>
    public OutcomeWindow(int length, int minimum)
    {
        _isBad = new bool[length];
        _minimum = minimum;
    }

    /// <summary>[0, 1]; 0 while there are too few.</summary>
    public double Share => _count < _minimum ? 0 : (double)_bad / _count;

    public void Add(bool isBad)
    {
        if (_count < _isBad.Length)
            _count++;
        else if (_isBad[_next])
            _bad--;

        _isBad[_next] = isBad;
        _bad += isBad ? 1 : 0;
        _next = _next + 1 == _isBad.Length ? 0 : _next + 1;
    }

    public void Clear()
    {
        _next = 0;
        _count = 0;
        _bad = 0;
    }

    public void Transfer(StateStream state)
    {
        state.Array(_isBad);
        state.Value(ref _next);
        state.Value(ref _count);
        state.Value(ref _bad);
    }
}
