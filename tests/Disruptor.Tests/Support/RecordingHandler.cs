using System.Collections.Concurrent;

namespace ExecutionPipeline.Disruptor.Tests.Support;

/// <summary>Writes down what it is called with.</summary>
public class RecordingHandler<T> : IValueEventHandler<T>
    where T : struct, ITestEvent
{
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly ConcurrentQueue<long> _values = new();

    public int? MaxBatchSize { get; init; }

    public Action? OnStartAction { get; init; }

    public Action? OnShutdownAction { get; init; }

    public Action<long>? OnEventAction { get; init; }

    public Action<long>? OnTimeoutAction { get; init; }

    public string[] Calls => [.. _calls];

    public long[] Values => [.. _values];

    public void OnStart()
    {
        _calls.Enqueue("start");
        OnStartAction?.Invoke();
    }

    public void OnShutdown()
    {
        _calls.Enqueue("shutdown");
        OnShutdownAction?.Invoke();
    }

    public void OnBatchStart(long batchSize) => _calls.Enqueue($"batch {batchSize}");

    public void OnEvent(ref T data, long sequence, bool endOfBatch)
    {
        _calls.Enqueue(endOfBatch ? $"last {sequence}" : $"event {sequence}");
        OnEventAction?.Invoke(sequence);
        _values.Enqueue(data.Value);
    }

    public void OnTimeout(long sequence)
    {
        _calls.Enqueue($"timeout {sequence}");
        OnTimeoutAction?.Invoke(sequence);
    }
}
