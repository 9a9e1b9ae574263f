namespace ExecutionPipeline.Disruptor.Tests.WaitStrategies;

public sealed class BusySpinWaitStrategyTests : WaitStrategyContract
{
    protected override IWaitStrategy NewWaitStrategy() => new BusySpinWaitStrategy();
}
