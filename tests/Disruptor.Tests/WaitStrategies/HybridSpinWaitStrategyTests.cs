namespace ExecutionPipeline.Disruptor.Tests.WaitStrategies;

public sealed class HybridSpinWaitStrategyTests : WaitStrategyContract
{
    protected override IWaitStrategy NewWaitStrategy() => new HybridSpinWaitStrategy();
}
