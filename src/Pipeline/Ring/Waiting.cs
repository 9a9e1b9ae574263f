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
        // Of the same name, the official strategy counts its parking in milliseconds.
        WaitMode.Block when typeof(BackoffIdleStrategy).Namespace == "Adaptive.Agrona.Concurrent" =>
            new BackoffIdleStrategy(MaxSpins, MaxYields, 1, 1),
        WaitMode.Block => new BackoffIdleStrategy(MaxSpins, MaxYields, MinParkNs, MaxParkNs),
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "no such wait mode"),
    };
}
