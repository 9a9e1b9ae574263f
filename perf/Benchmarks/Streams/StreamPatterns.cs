namespace ExecutionPipeline.Benchmarks.Streams;

/// <summary>
/// The patterns by name. Only types of the framework appear here, so that a program can hold the patterns of two
/// libraries side by side.
/// </summary>
public static class StreamPatterns
{
    /// <summary>
    /// For each pattern, what opens its streams at the driver of a directory. The streams are closed by disposing; what
    /// plays on them for about so long returns nanoseconds, of each round trip or message, or of a message in each
    /// chunk of messages; the last tells the bytes that its threads have allocated by then.
    /// </summary>
    public static
        IReadOnlyDictionary<string, Func<string, (IDisposable Streams, Func<TimeSpan, double[]> Run, Func<long> Bytes)>>
        All() =>
        new Dictionary<string, Func<string, (IDisposable Streams, Func<TimeSpan, double[]> Run, Func<long> Bytes)>>
        {
            ["bounce"] = directory => Open(new Bounce(directory)),
            ["round-trip"] = directory => Open(new RoundTrip(directory)),
            ["round-trip-paced"] = directory => Open(new RoundTrip(directory) { RoundsPerSecond = 500_000 }),
            ["claim-1m"] = directory => Open(new OneWay(directory, "1m")),
            ["claim-16m"] = directory => Open(new OneWay(directory, "16m")),
            ["offer-1m"] = directory => Open(new OneWay(directory, "1m") { IsOffer = true }),
            ["paced"] = directory => Open(new Paced(directory)),
            ["idle"] = directory => Open(new Rest(directory)),
        };

    private static (IDisposable Streams, Func<TimeSpan, double[]> Run, Func<long> Bytes) Open(StreamPattern pattern) =>
        (pattern, pattern.Run, () => pattern.AllocatedBytes);
}
