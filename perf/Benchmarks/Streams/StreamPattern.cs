using System.Diagnostics;

namespace ExecutionPipeline.Benchmarks.Streams;

/// <summary>A client with its streams of 128-byte messages, and what is played on them again and again.</summary>
public abstract class StreamPattern : IDisposable
{
    /// <summary>Bytes of a message.</summary>
    protected const int MessageLength = 128;

    /// <summary>The message that ends a run.</summary>
    protected const long End = -1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly AeronClient _client;
    private readonly BufferClaim _claim = new();
    private long _allocatedBytes;

    /// <summary>Connects to the driver of a directory.</summary>
    protected StreamPattern(string directory)
    {
        var context = new AeronClient.Context().AeronDirectoryName(directory).PreTouchMappedMemory(true);
        _client = AeronClient.Connect(context);
    }

    /// <summary>Bytes that the publishing and the polling thread have allocated during the runs up to now.</summary>
    public long AllocatedBytes => Interlocked.Read(ref _allocatedBytes);

    /// <summary>Nanoseconds of a tick of the clock.</summary>
    protected static double NsPerTick { get; } = 1e9 / Stopwatch.Frequency;

    /// <summary>Plays for about so long.</summary>
    /// <exception cref="InvalidOperationException">What arrived is not what was sent.</exception>
    public abstract double[] Run(TimeSpan time);

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens both ends of a stream.</summary>
    protected (ExclusivePublication Publication, Subscription Subscription) Open(int streamId, string termLength)
    {
        var channel = $"aeron:ipc?term-length={termLength}";
        var subscription = _client.AddSubscription(channel, streamId);
        var publication = _client.AddExclusivePublication(channel, streamId);
        if (!SpinWait.SpinUntil(() => publication.IsConnected && subscription.IsConnected, Patience))
            throw new TimeoutException($"stream {streamId} has not connected");

        return (publication, subscription);
    }

    /// <summary>Runs both ends, the second on a thread of its own, and counts what they allocate.</summary>
    protected void RunBoth(Action here, Action there)
    {
        var other = Task.Factory.StartNew(() => Count(there), TaskCreationOptions.LongRunning);
        Count(here);
        other.Wait();
    }

    /// <summary>Sends a message that begins with a value, in place.</summary>
    protected void Claim(ExclusivePublication publication, BufferClaim claim, long value)
    {
        for (long result; (result = publication.TryClaim(MessageLength, claim)) < 0;)
            Check(result);

        claim.Buffer.PutLong(claim.Offset, value);
        claim.Commit();
    }

    /// <summary>Sends a message that begins with a value, in place, from the thread that runs the pattern.</summary>
    protected void Claim(ExclusivePublication publication, long value) => Claim(publication, _claim, value);

    /// <summary>Throws when there is no use in trying again.</summary>
    protected static void Check(long result)
    {
        if (result is Publication.CLOSED or Publication.MAX_POSITION_EXCEEDED)
            throw new InvalidOperationException($"the publication cannot go on: {result}");
    }

    /// <summary>Polls, busily; throws when nothing can come any more.</summary>
    protected static void Poll(Subscription subscription, IFragmentHandler handler, int fragmentLimit)
    {
        if (subscription.Poll(handler, fragmentLimit) == 0 && subscription.IsClosed)
            throw new InvalidOperationException("the subscription has been closed");
    }

    private void Count(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        Interlocked.Add(ref _allocatedBytes, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
