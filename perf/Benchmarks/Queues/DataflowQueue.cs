using System.Threading.Tasks.Dataflow;

namespace ExecutionPipeline.Benchmarks.Queues;

/// <summary>A TPL Dataflow buffer.</summary>
internal sealed class DataflowQueue<T>(int capacity) : IQueue<T>
{
    private readonly BufferBlock<T> _block = new(new DataflowBlockOptions { BoundedCapacity = capacity });

    public void Add(T item)
    {
        // A full block answers when it has room.
        if (!_block.Post(item))
            _block.SendAsync(item).Wait();
    }

    public T Take() => _block.Receive();
}
