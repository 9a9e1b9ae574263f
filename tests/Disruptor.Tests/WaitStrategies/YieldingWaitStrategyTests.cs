namespace ExecutionPipeline.Disruptor.Tests.WaitStrategies;

public sealed class YieldingWaitStrategyTests : WaitStrategyContract
{
    protected override IWaitStrategy NewWaitStrategy() => new YieldingWaitStrategy();
}
