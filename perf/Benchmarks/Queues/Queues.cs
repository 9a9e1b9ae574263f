using System.Collections.Concurrent;
using System.Threading.Channels;
using System.Threading.Tasks.Dataflow;

namespace ExecutionPipeline.Benchmarks.Queues;

/// <summary>A bounded queue between two threads.</summary>
internal interface IQueue<T>
{
    /// <summary>Adds an item, waiting while the queue is full.</summary>
    void Add(T item);

    /// <summary>Takes the next item, waiting until there is one.</summary>
    T Take();
}

/// <summary>BlockingCollection over a ConcurrentQueue.</summary>
internal sealed class BlockingCollectionQueue<T>(int capacity) : IQueue<T>
{
    private readonly BlockingCollection<T> _collection = new(capacity);

    public void Add(T item) => _collection.Add(item);

    public T Take() => _collection.Take();
}

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

/// <summary>System.Threading.Channels, used as fast as it can be: one reader, one writer, both spinning.</summary>
internal sealed class ChannelQueue<T>(int capacity) : IQueue<T>
{
    private readonly Channel<T> _channel = Channel.CreateBounded<T>(new BoundedChannelOptions(capacity)
    {
        SingleReader = true,
        SingleWriter = true,
        AllowSynchronousContinuations = true,
    });

    public void Add(T item)
    {
        var spinWait = new SpinWait();
        while (!_channel.Writer.TryWrite(item))
            spinWait.SpinOnce(sleep1Threshold: -1);
    }

    public T Take()
    {
        var spinWait = new SpinWait();
        T? item;
        while (!_channel.Reader.TryRead(out item))
            spinWait.SpinOnce(sleep1Threshold: -1);

        return item;
    }
}
