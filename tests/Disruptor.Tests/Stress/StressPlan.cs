namespace ExecutionPipeline.Disruptor.Tests.Stress;

/// <summary>A random graph of producers and handlers. The same seed gives the same plan.</summary>
internal sealed class StressPlan
{
    private static readonly Func<IWaitStrategy>[] WaitStrategies =
    [
        () => new YieldingWaitStrategy(),
        () => new SleepingWaitStrategy(),
        () => new BlockingWaitStrategy(),
        () => new BlockingSpinWaitWaitStrategy(),
        () => new TimeoutBlockingWaitStrategy(TimeSpan.FromMilliseconds(1)),
        () => new TimeoutYieldingWaitStrategy(TimeSpan.FromMilliseconds(1)),
        () => PhasedBackoffWaitStrategy.WithLock(TimeSpan.FromMicroseconds(10), TimeSpan.FromMicroseconds(50)),
    ];

    public StressPlan(int seed)
    {
        var random = new Random(seed);
        ProducerCount = random.Next(1, 3);
        ProducerType = ProducerCount == 1 && random.Next(2) == 0 ? ProducerType.Single : ProducerType.Multi;
        BufferSize = 1 << random.Next(0, 13);
        MaxClaim = random.Next(1, Math.Min(BufferSize, 16) + 1);
        WaitStrategy = WaitStrategies[random.Next(WaitStrategies.Length)]();
        Dependencies = NewGraph(random, random.Next(1, 5));
        MaxBatchSizes = Array.ConvertAll(Dependencies, _ => random.Next(3) == 0 ? random.Next(1, 10) : (int?)null);
        IsUnmanaged = random.Next(2) == 0;
        ProducerSeed = random.Next();
    }

    public int ProducerCount { get; }

    public ProducerType ProducerType { get; }

    public int BufferSize { get; }

    public int MaxClaim { get; }

    public IWaitStrategy WaitStrategy { get; }

    /// <summary>For each handler, the earlier handlers that it is behind; none means behind the producers.</summary>
    public int[][] Dependencies { get; }

    public int?[] MaxBatchSizes { get; }

    public bool IsUnmanaged { get; }

    public int ProducerSeed { get; }

    public override string ToString()
    {
        var graph = string.Join(", ", Dependencies.Select((behind, i) => $"{i}<-[{string.Join(' ', behind)}]"));
        return $"{ProducerCount} producer(s) {ProducerType}, ring {BufferSize}, claims of up to {MaxClaim}, "
               + $"{WaitStrategy.GetType().Name}, unmanaged {IsUnmanaged}, handlers {graph}";
    }

    private static int[][] NewGraph(Random random, int handlerCount)
    {
        var graph = new int[handlerCount][];
        for (var handler = 0; handler < handlerCount; handler++)
            graph[handler] = [.. Enumerable.Range(0, handler).Where(_ => random.Next(2) == 0)];

        return graph;
    }
}
