namespace ExecutionPipeline.Disruptor.Tests.WaitStrategies;

public sealed class BlockingWaitStrategyTests : WaitStrategyContract
{
    protected override IWaitStrategy NewWaitStrategy() => new BlockingWaitStrategy();
}
