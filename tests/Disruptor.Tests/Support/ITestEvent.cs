namespace ExecutionPipeline.Disruptor.Tests.Support;

/// <summary>An event that carries a value, for suites that run over several event types.</summary>
public interface ITestEvent
{
    long Value { get; set; }
}
