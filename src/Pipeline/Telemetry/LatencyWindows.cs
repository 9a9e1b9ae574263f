namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>Of which time latencies are told.</summary>
public enum LatencyWindow
{
    /// <summary>The last whole second.</summary>
    Second,

    /// <summary>The last 50 to 60 seconds.</summary>
    Minute,
}

/// <summary>
/// The latencies of the last second and minute while the pipeline runs. The thread of the followers records into a set
/// of histograms that only it has, and each second hands it over for the one that came back; another thread collects.
/// Neither waits for the other, and neither allocates.
/// </summary>
public sealed class LatencyWindows
{
    private const long SecondNs = 1_000_000_000;
    private const long HighestNs = 60 * SecondNs;
    private const int SignificantDigits = 2;
    private const int SecondsOfSpan = 10;
    private const int Spans = 6;

    private readonly LongHistogram[] _second = NewSet();
    private readonly LongHistogram[] _minute = NewSet();
    private readonly LongHistogram[][] _spans = [.. Enumerable.Range(0, Spans).Select(static _ => NewSet())];
    private LongHistogram[] _active = NewSet();
    private LongHistogram[]? _spare = NewSet();
    private LongHistogram[]? _full;
    private long _turnAtNs;
    private int _seconds;
    private int _span;

    /// <summary>The collecting thread: what was collected since the start.</summary>
    public LatencyTotals Totals { get; } = new();

    /// <summary>The recording thread: an event of this time comes next. Hands a second over where one is due.</summary>
    public void MoveTo(long timeNs)
    {
        if (timeNs >= _turnAtNs)
            Turn(timeNs);
    }

    /// <summary>The recording thread: the latencies of a signal; what is negative counts as 0.</summary>
    public void Record(in LatencyReadings readings)
    {
        for (var part = 0; part < LatencyReadings.Count; part++)
            _active[part].RecordValue(Math.Clamp(readings[part], 0, HighestNs));
    }

    /// <summary>
    /// The collecting thread: takes the second that was handed over, if there is one. Returns whether there was.
    /// </summary>
    public bool TryCollect()
    {
        // Pairs with the write in Turn: what was recorded in the set is seen.
        if (Volatile.Read(ref _full) is not { } full)
            return false;

        Move(full);
        _full = null;
        // Pairs with the read in Turn: the set is empty, and _full too, before it is taken for the next second.
        Volatile.Write(ref _spare, full);
        return true;
    }

    /// <summary>The collecting thread: how many signals a window has.</summary>
    public long CountOf(LatencyWindow window) => Of(window)[(int)LatencyPart.EndToEnd].TotalCount;

    /// <summary>
    /// The collecting thread: a percentile of a part, 0 to 100, in nanoseconds, at a precision of 1 %; 0 where there
    /// was no signal.
    /// </summary>
    public long PercentileOf(LatencyWindow window, LatencyPart part, double percentile)
    {
        var histogram = Of(window)[(int)part];
        return histogram.TotalCount == 0 ? 0 : histogram.GetValueAtPercentile(percentile);
    }

    private LongHistogram[] Of(LatencyWindow window) => window == LatencyWindow.Second ? _second : _minute;

    private void Turn(long timeNs)
    {
        // Pairs with the write in TryCollect: the set came back, so the one before it has been collected.
        if (_turnAtNs != 0 && Volatile.Read(ref _spare) is { } spare)
        {
            _spare = null;
            // Pairs with the read in TryCollect: the set is whole when it is seen.
            Volatile.Write(ref _full, _active);
            _active = spare;
        }

        _turnAtNs = timeNs + SecondNs;
    }

    private void Move(LongHistogram[] full)
    {
        if (++_seconds > SecondsOfSpan)
        {
            _seconds = 1;
            _span = (_span + 1) % Spans;
            foreach (var histogram in _spans[_span])
                histogram.Reset();
        }

        for (var part = 0; part < LatencyReadings.Count; part++)
        {
            _second[part].Reset();
            _second[part].Add(full[part]);
            _spans[_span][part].Add(full[part]);
            Totals.Add((LatencyPart)part, full[part]);
            full[part].Reset();
            _minute[part].Reset();
            foreach (var span in _spans)
                _minute[part].Add(span[part]);
        }
    }

    private static LongHistogram[] NewSet() =>
        [.. Enumerable.Range(0, LatencyReadings.Count).Select(static _ => NewHistogram())];

    private static LongHistogram NewHistogram()
    {
        // The library makes a table with the first value that is recorded: here, not on the path.
        var histogram = new LongHistogram(1, HighestNs, SignificantDigits);
        histogram.RecordValue(1);
        histogram.Reset();
        return histogram;
    }
}
