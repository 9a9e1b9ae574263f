namespace ExecutionPipeline.Disruptor.Tests.WaitStrategies;

public sealed class SleepingWaitStrategyTests : WaitStrategyContract
{
    protected override IWaitStrategy NewWaitStrategy() => new SleepingWaitStrategy();
}
