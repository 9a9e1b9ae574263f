namespace ExecutionPipeline.Disruptor.Tests.WaitStrategies;

public sealed class BlockingSpinWaitWaitStrategyTests : WaitStrategyContract
{
    protected override IWaitStrategy NewWaitStrategy() => new BlockingSpinWaitWaitStrategy();
}
