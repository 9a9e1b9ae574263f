namespace ExecutionPipeline.Disruptor.Tests.WaitStrategies;

public sealed class TimeoutYieldingWaitStrategyTests : TimeoutWaitStrategyContract
{
    protected override IWaitStrategy NewWaitStrategy(TimeSpan timeout) => new TimeoutYieldingWaitStrategy(timeout);
}
