namespace ExecutionPipeline.Disruptor.Tests.Support;

/// <summary>A small event without references.</summary>
public struct TestEvent : ITestEvent
{
    public long Value { get; set; }
}
