namespace ExecutionPipeline.Disruptor.Tests.Stress;

/// <summary>
/// Checks that it sees each event once, in order, whole, and after every handler that it depends on.
/// </summary>
public sealed class StressHandler(int index, int[] dependencies, int producerCount) : IValueEventHandler<StressEvent>
{
    private readonly long[] _lastOfProducer = Enumerable.Repeat(-1L, producerCount).ToArray();
    private long _lastSequence = -1;
    private long _batchEnd = -1;
    private long _count;
    private string? _violation;

    public int? MaxBatchSize { get; init; }

    /// <summary>Events seen. Read when the handler has ended, or as a lower bound.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The first thing that was wrong, or null.</summary>
    public string? Violation => Volatile.Read(ref _violation);

    public void OnBatchStart(long batchSize)
    {
        if (batchSize < 1 || batchSize > (MaxBatchSize ?? long.MaxValue))
            Report($"batch of {batchSize}");

        _batchEnd = _lastSequence + batchSize;
    }

    public void OnEvent(ref StressEvent data, long sequence, bool endOfBatch)
    {
        if (sequence != _lastSequence + 1)
            Report($"sequence {sequence} after {_lastSequence}");

        if (endOfBatch != (sequence == _batchEnd))
            Report($"end of batch {endOfBatch} at {sequence}, batch ends at {_batchEnd}");

        CheckNumber(in data, sequence);
        foreach (var dependency in dependencies)
        {
            if (!data.IsMarked(dependency, sequence))
                Report($"{sequence} before handler {dependency}");
        }

        data.Mark(index, sequence);
        _lastSequence = sequence;
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>
    /// Numbers are producer + count * producers: each producer's come in its order, whatever is between.
    /// </summary>
    private void CheckNumber(in StressEvent data, long sequence)
    {
        var number = data.Number;
        if (!data.IsWhole(number))
            Report($"torn event at {sequence}");

        var producer = (int)(number % _lastOfProducer.Length);
        var expected = _lastOfProducer[producer] < 0 ? producer : _lastOfProducer[producer] + _lastOfProducer.Length;
        if (number != expected)
            Report($"number {number} of producer {producer} at {sequence}, expected {expected}");

        _lastOfProducer[producer] = number;
    }

    private void Report(string violation) => Interlocked.CompareExchange(ref _violation, violation, null);
}
