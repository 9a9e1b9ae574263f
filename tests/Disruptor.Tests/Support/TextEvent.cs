namespace ExecutionPipeline.Disruptor.Tests.Support;

/// <summary>An event with a reference, which the ring must keep where the collector sees it.</summary>
public struct TextEvent : ITestEvent
{
    public string? Text { get; set; }

    public long Value { get; set; }
}
