using System.Diagnostics;
using ExecutionPipeline.Benchmarks.Rings;

namespace ExecutionPipeline.Benchmarks.Streams;

/// <summary>One thread publishes as fast as it can, another polls.</summary>
public sealed class OneWay : StreamPattern
{
    private const int MessagesBetweenLooks = 4_096;
    private const int FragmentLimit = 64;

    private readonly UnsafeBuffer _source = new(new byte[MessageLength]);
    private readonly ExclusivePublication _publication;
    private readonly Subscription _subscription;

    /// <summary>Opens a stream with terms of such a length.</summary>
    public OneWay(string directory, string termLength)
        : base(directory)
    {
        (_publication, _subscription) = Open(1, termLength);
    }

    /// <summary>Whether messages are copied from a buffer, or written in place.</summary>
    public bool IsOffer { get; init; }

    /// <inheritdoc/>
    /// <returns>For each chunk of messages, nanoseconds a message, as the polling thread sees them come.</returns>
    public override double[] Run(TimeSpan time)
    {
        // Several windows, half a term each: neither side gets through a chunk without the other.
        var reader = new Reader(_publication.TermBufferLength / 64);
        var count = 0L;
        RunBoth(() => count = Publish(time), () => Read(reader));
        reader.Check(count);
        return reader.Clock.ChunksNs;
    }

    private long Publish(TimeSpan time)
    {
        var count = 0L;
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < time;)
        {
            var end = count + MessagesBetweenLooks;
            if (IsOffer)
                OfferTo(count, end);
            else
                ClaimTo(count, end);

            count = end;
        }

        Claim(_publication, End);
        return count;
    }

    private void ClaimTo(long first, long end)
    {
        for (var i = first; i < end; i++)
            Claim(_publication, i);
    }

    private void OfferTo(long first, long end)
    {
        for (var i = first; i < end; i++)
        {
            _source.PutLong(0, i);
            for (long result; (result = _publication.Offer(_source, 0, MessageLength)) < 0;)
                Check(result);
        }
    }

    private void Read(Reader reader)
    {
        while (!reader.IsDone)
            Poll(_subscription, reader, FragmentLimit);
    }

    private sealed class Reader(int messagesPerChunk) : IFragmentHandler
    {
        private long _count;
        private long _sum;

        public ChunkClock Clock { get; } = new(messagesPerChunk);

        public bool IsDone { get; private set; }

        public void OnFragment(IDirectBuffer buffer, int offset, int length, Header header)
        {
            var value = buffer.GetLong(offset);
            if (value == End)
            {
                IsDone = true;
                return;
            }

            _sum += value;
            Clock.OnEvent(_count++);
        }

        public void Check(long count)
        {
            if (_count != count || _sum != count * (count - 1) / 2)
                throw new InvalidOperationException($"read {_count} messages of sum {_sum}, {count} were sent");
        }
    }
}
