namespace ExecutionPipeline.Benchmarks.Rings;

/// <summary>
/// The patterns by name. Only types of the framework appear here, so that a program can hold the patterns of two
/// libraries side by side.
/// </summary>
public static class RingPatterns
{
    /// <summary>A ring that stays in the second-level cache, and whose chunks are over before a core is lost.</summary>
    private const int ShortRing = 2048;

    /// <summary>
    /// For each pattern, what plays it for about so long and returns, for each chunk of events or round trips,
    /// nanoseconds for one. Handlers get their threads from the current task scheduler.
    /// </summary>
    public static IReadOnlyDictionary<string, Func<TimeSpan, double[]>> All() =>
        new Dictionary<string, Func<TimeSpan, double[]>>
        {
            ["publish-only"] = OneSided.Publish,
            ["consume-only"] = OneSided.Consume,
            ["ping-pong"] = time => PingPong.Run(time, () => new BusySpinWaitStrategy()),
            ["ping-pong-yielding"] = time => PingPong.Run(time, () => new YieldingWaitStrategy()),
            ["ping-pong-blocking"] = time => PingPong.Run(time, () => new BlockingWaitStrategy()),
            ["1p1c-128-few-short"] = new Throughput<Words128> { RingSize = ShortRing }.Run,
            ["1p1c-128-all-short"] = new Throughput<Words128> { RingSize = ShortRing, IsAllWords = true }.Run,
            ["1p1c-128-few"] = new Throughput<Words128>().Run,
            ["1p1c-128-all"] = new Throughput<Words128> { IsAllWords = true }.Run,
            ["1p1c-64-all"] = new Throughput<Words64> { IsAllWords = true }.Run,
            ["1p1c-256-all"] = new Throughput<Words256> { IsAllWords = true, RingSize = 32_768 }.Run,
            ["1p1c-512-all"] = new Throughput<Words512> { IsAllWords = true, RingSize = 16_384 }.Run,
            ["1p1c-128-batch-8"] = new Throughput<Words128> { BatchSize = 8 }.Run,
            ["1p1c-128-batch-64"] = new Throughput<Words128> { BatchSize = 64 }.Run,
            ["chain-4"] = new Throughput<Words128>
            {
                WaitStrategy = () => new YieldingWaitStrategy(),
                Graph = Graphs.ChainOfFour,
            }.Run,
            ["diamond"] = new Throughput<Words128>
            {
                WaitStrategy = () => new YieldingWaitStrategy(),
                Graph = Graphs.Diamond,
            }.Run,
            ["1p1c-128-blocking"] = new Throughput<Words128> { WaitStrategy = () => new BlockingWaitStrategy() }.Run,
        };
}
