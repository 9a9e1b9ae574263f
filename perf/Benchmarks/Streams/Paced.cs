using System.Diagnostics;

namespace ExecutionPipeline.Benchmarks.Streams;

/// <summary>A million messages a second, each with the time at which it was to be sent.</summary>
public sealed class Paced : StreamPattern
{
    private const int MessagesPerSecond = 1_000_000;
    private const int FragmentLimit = 64;

    private readonly ExclusivePublication _publication;
    private readonly Subscription _subscription;

    /// <summary>Opens a stream.</summary>
    public Paced(string directory)
        : base(directory)
    {
        (_publication, _subscription) = Open(1, "1m");
    }

    /// <inheritdoc/>
    /// <returns>For each message, nanoseconds from the time at which it was to be sent to its receipt.</returns>
    public override double[] Run(TimeSpan time)
    {
        var count = (int)(time.TotalSeconds * MessagesPerSecond);
        var reader = new Reader(count);
        RunBoth(() => Publish(count), () => Read(reader));
        return reader.Checked();
    }

    private void Publish(int count)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0L; i < count; i++)
        {
            var intended = start + i * Stopwatch.Frequency / MessagesPerSecond;
            while (Stopwatch.GetTimestamp() < intended)
            {
            }

            Claim(_publication, intended);
        }

        Claim(_publication, End);
    }

    private void Read(Reader reader)
    {
        while (!reader.IsDone)
            Poll(_subscription, reader, FragmentLimit);
    }

    private sealed class Reader(int messages) : IFragmentHandler
    {
        private readonly double[] _latenciesNs = new double[messages];
        private int _count;

        public bool IsDone { get; private set; }

        public void OnFragment(IDirectBuffer buffer, int offset, int length, Header header)
        {
            var intended = buffer.GetLong(offset);
            if (intended == End)
                IsDone = true;
            else if (_count < _latenciesNs.Length)
                _latenciesNs[_count++] = (Stopwatch.GetTimestamp() - intended) * NsPerTick;
        }

        public double[] Checked() => _count == _latenciesNs.Length
            ? _latenciesNs
            : throw new InvalidOperationException($"read {_count} messages of {_latenciesNs.Length}");
    }
}
