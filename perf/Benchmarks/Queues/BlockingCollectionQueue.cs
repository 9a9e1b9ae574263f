using System.Collections.Concurrent;

namespace ExecutionPipeline.Benchmarks.Queues;

/// <summary>BlockingCollection over a ConcurrentQueue.</summary>
internal sealed class BlockingCollectionQueue<T>(int capacity) : IQueue<T>
{
    private readonly BlockingCollection<T> _collection = new(capacity);

    public void Add(T item) => _collection.Add(item);

    public T Take() => _collection.Take();
}
