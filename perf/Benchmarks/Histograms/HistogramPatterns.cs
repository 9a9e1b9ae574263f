namespace ExecutionPipeline.Benchmarks.Histograms;

/// <summary>
/// The patterns by name. Only types of the framework appear here, so that a program can hold the patterns of two
/// libraries side by side.
/// </summary>
public static class HistogramPatterns
{
    // An hour of nanoseconds to three digits: what latencies are usually recorded with.
    private const long HighestNs = 3_600_000_000_000;
    private const int Digits = 3;

    /// <summary>
    /// For each pattern, what sets it up and returns what plays a chunk of it and says how many calls it made.
    /// </summary>
    public static IReadOnlyDictionary<string, Func<Func<int>>> All()
    {
        var patterns = new Dictionary<string, Func<Func<int>>>();
        foreach (var (name, values) in Distributions.All())
        {
            patterns[$"long-{name}"] = () => Recording.Of(new LongCalls(new(HighestNs, Digits)), values);
            patterns[$"int-{name}"] = () => Recording.Of(new IntCalls(new(HighestNs, Digits)), values);
            patterns[$"short-{name}"] = () => Recording.Of(new ShortCalls(new(HighestNs, Digits)), values);
            patterns[$"concurrent-{name}"] = () => Recording.Of(new ConcurrentCalls(new(1, HighestNs, Digits)), values);
            patterns[$"recorder-{name}"] = () => new RecorderRecording(HighestNs, Digits, values).RecordChunk;
        }

        // Through the base class, as code does that is handed a histogram.
        patterns["base-lognormal"] = () => Recording.Of(
            new BaseCalls(new LongHistogram(HighestNs, Digits)), Distributions.Lognormal());
        patterns["encode"] = () => new Coding(HighestNs, Digits).Encode;
        patterns["decode"] = () => new Coding(HighestNs, Digits).Decode;
        return patterns;
    }

    private readonly struct LongCalls(LongHistogram histogram) : IRecordingCalls
    {
        public long TotalCount => histogram.TotalCount;

        public void Record(long value) => histogram.RecordValue(value);
    }

    private readonly struct IntCalls(IntHistogram histogram) : IRecordingCalls
    {
        public long TotalCount => histogram.TotalCount;

        public void Record(long value) => histogram.RecordValue(value);
    }

    private readonly struct ShortCalls(ShortHistogram histogram) : IRecordingCalls
    {
        public long TotalCount => histogram.TotalCount;

        public void Record(long value) => histogram.RecordValue(value);
    }

    private readonly struct ConcurrentCalls(LongConcurrentHistogram histogram) : IRecordingCalls
    {
        public long TotalCount => histogram.TotalCount;

        public void Record(long value) => histogram.RecordValue(value);
    }

    private readonly struct BaseCalls(HistogramBase histogram) : IRecordingCalls
    {
        public long TotalCount => histogram.TotalCount;

        public void Record(long value) => histogram.RecordValue(value);
    }
}
