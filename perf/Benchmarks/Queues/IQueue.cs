namespace ExecutionPipeline.Benchmarks.Queues;

/// <summary>A bounded queue between two threads.</summary>
internal interface IQueue<T>
{
    /// <summary>Adds an item, waiting while the queue is full.</summary>
    void Add(T item);

    /// <summary>Takes the next item, waiting until there is one.</summary>
    T Take();
}
