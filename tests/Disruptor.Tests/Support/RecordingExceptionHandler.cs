using System.Collections.Concurrent;

namespace ExecutionPipeline.Disruptor.Tests.Support;

/// <summary>Writes down what handlers throw, and lets them go on.</summary>
public sealed class RecordingExceptionHandler<T> : IValueExceptionHandler<T>
    where T : struct
{
    private readonly ConcurrentQueue<string> _calls = new();

    public string[] Calls => [.. _calls];

    public void HandleEventException(Exception ex, long sequence, ref T evt)
    {
        _calls.Enqueue($"event {sequence} {ex.Message}");
    }

    public void HandleOnTimeoutException(Exception ex, long sequence)
    {
        _calls.Enqueue($"timeout {sequence} {ex.Message}");
    }

    public void HandleOnStartException(Exception ex) => _calls.Enqueue($"start {ex.Message}");

    public void HandleOnShutdownException(Exception ex) => _calls.Enqueue($"shutdown {ex.Message}");
}
