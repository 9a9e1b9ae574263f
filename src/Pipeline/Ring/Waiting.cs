using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Ring;

/// <summary>The waiting strategies that a <see cref="WaitMode"/> stands for.</summary>
internal static class Waiting
{
    private const int MaxSpins = 100;
    private const int MaxYields = 10;
    private const long MinParkNs = 1_000;
    private const long MaxParkNs = 1_000_000;

    public static IWaitStrategy ForRing(WaitMode mode) => mode switch
    {
        WaitMode.Spin => new BusySpinWaitStrategy(),
        WaitMode.Yield => new YieldingWaitStrategy(),
        WaitMode.Block => new BlockingWaitStrategy(),
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "no such wait mode"),
    };

    public static IIdleStrategy ForInputs(WaitMode mode) => mode switch
    {
        WaitMode.Spin => new BusySpinIdleStrategy(),
        WaitMode.Yield => new YieldingIdleStrategy(),
        WaitMode.Block => new BackoffIdleStrategy(MaxSpins, MaxYields, MinParkNs, MaxParkNs),
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "no such wait mode"),
    };
}
