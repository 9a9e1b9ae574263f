namespace ExecutionPipeline.Disruptor.Tests.WaitStrategies;

public sealed class SpinWaitWaitStrategyTests : WaitStrategyContract
{
    protected override IWaitStrategy NewWaitStrategy() => new SpinWaitWaitStrategy();
}
