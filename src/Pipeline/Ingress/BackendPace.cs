namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>
/// How fast the inference backend is, by an exponentially weighted mean, and whether new signals may wait for it. While
/// it is slow they do not, but for one at intervals that tries it; several fast tries in a row end that. The inference
/// stage's thread observes and ingress asks: what ingress is told, it writes into the event.
/// </summary>
public sealed class BackendPace
{
    /// <summary>Fast tries in a row that a slow backend needs.</summary>
    public const int FastTries = 3;

    private const double Weight = 1.0 / 16;

    /// <summary>One gap of the machine's, however long, must not count for more than some slow calls.</summary>
    private const int ReadingMax = 4;

    /// <summary>A try is fast at this share of what is slow, so that the backend does not go back and forth.</summary>
    private const double FastShare = 0.5;

    private readonly long _slowNs;
    private readonly long _retryNs;
    private double _meanNs;
    private int _fastTries;
    private bool _isSlow;
    private long _nextTryNs;

    /// <param name="slowUs">Mean above which the backend is slow, in us; 0: never.</param>
    /// <param name="retryMs">From one try of a slow backend to the next, in ms.</param>
    public BackendPace(int slowUs, int retryMs)
    {
        _slowNs = slowUs * 1_000L;
        _retryNs = retryMs * 1_000_000L;
    }

    /// <summary>How often the backend has become slow.</summary>
    public long Slowdowns { get; private set; }

    /// <summary>Takes what a decision took. The inference stage's thread.</summary>
    public void Observe(long elapsedNs)
    {
        if (_slowNs == 0)
            return;

        var readingNs = Math.Clamp(elapsedNs, 0, ReadingMax * _slowNs);
        if (_isSlow)
            ObserveTry(readingNs);
        else
            _meanNs += Weight * (readingNs - _meanNs);

        if (!_isSlow && _meanNs > _slowNs)
            BecomeSlow();
    }

    /// <summary>Whether the signal taken in at this time is to be decided without the backend. Ingress.</summary>
    public bool IsBypassed(long timeNs)
    {
        // Paired with the writes of Observe.
        if (!Volatile.Read(ref _isSlow))
        {
            _nextTryNs = 0;
            return false;
        }

        if (_nextTryNs == 0)
            _nextTryNs = timeNs + _retryNs;
        if (timeNs < _nextTryNs)
            return true;

        _nextTryNs = timeNs + _retryNs;
        return false;
    }

    private void ObserveTry(long readingNs)
    {
        _fastTries = readingNs <= FastShare * _slowNs ? _fastTries + 1 : 0;
        if (_fastTries < FastTries)
            return;

        _meanNs = readingNs;
        // Paired with the read of IsBypassed.
        Volatile.Write(ref _isSlow, false);
    }

    private void BecomeSlow()
    {
        Slowdowns++;
        _fastTries = 0;
        // Paired with the read of IsBypassed.
        Volatile.Write(ref _isSlow, true);
    }
}
