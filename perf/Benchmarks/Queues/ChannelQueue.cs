using System.Threading.Channels;

namespace ExecutionPipeline.Benchmarks.Queues;

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
