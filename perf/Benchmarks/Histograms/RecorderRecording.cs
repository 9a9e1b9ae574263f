namespace ExecutionPipeline.Benchmarks.Histograms;

/// <summary>
/// Records through a recorder and takes an interval at the end of each chunk, which is long enough for that not to
/// show in the time of a call.
/// </summary>
public sealed class RecorderRecording(long highestNs, int digits, long[] values)
{
    private const int Laps = 32;

    private readonly Recorder _recorder = new(
        1, highestNs, digits, (id, low, high, precision) => new LongHistogram(id, low, high, precision));

    private HistogramBase? _interval;

    /// <summary>Records a chunk.</summary>
    /// <returns>How many values that were.</returns>
    /// <exception cref="InvalidOperationException">Values are lost.</exception>
    public int RecordChunk()
    {
        for (var lap = 0; lap < Laps; lap++)
        {
            foreach (var value in values)
                _recorder.RecordValue(value);
        }

        _interval = _recorder.GetIntervalHistogram(_interval);
        var expected = Laps * values.Length;
        return _interval.TotalCount == expected
            ? expected
            : throw new InvalidOperationException($"{_interval.TotalCount} of {expected} values are in the interval");
    }
}
