namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>A signal that took long to become an order.</summary>
/// <param name="Number">Which one it is of all that were taken in, warm-up included, from 1 on.</param>
/// <param name="IntendedNs">When it was to be sent, in nanoseconds since the Unix epoch, UTC.</param>
/// <param name="PreviousDoneNs">When the measured signal before it was through the stages; 0: there was none.</param>
/// <param name="Collections">Garbage collections of the process before it was through.</param>
/// <param name="Parts">Its latencies in nanoseconds.</param>
public readonly record struct SlowSignal(
    long Number, long IntendedNs, long PreviousDoneNs, int Collections, LatencyReadings Parts)
{
    /// <summary>From when it was to be sent until it was through, in nanoseconds.</summary>
    public long LatencyNs => Parts[(int)LatencyPart.EndToEnd];

    /// <summary>When it was through.</summary>
    public long DoneNs => IntendedNs + LatencyNs;
}

/// <summary>
/// The signals whose latency end to end is above a bound, in the order of time. Room for them is taken at the start.
/// </summary>
/// <param name="aboveNs">The bound in nanoseconds.</param>
public sealed class TailRecord(long aboveNs)
{
    /// <summary>Signals that are kept at most: the first ones.</summary>
    public const int Capacity = 65_536;

    private readonly SlowSignal[] _signals = new SlowSignal[Capacity];
    private int _count;

    /// <summary>Signals above the bound, those that are not kept among them.</summary>
    public long Seen { get; private set; }

    /// <summary>Those that are kept. The recording thread must have ended.</summary>
    public ReadOnlySpan<SlowSignal> Signals => _signals.AsSpan(0, _count);

    /// <summary>Takes a signal in, if it is above the bound.</summary>
    public void OnSignal(long number, long intendedNs, long previousDoneNs, in LatencyReadings parts)
    {
        if (parts[(int)LatencyPart.EndToEnd] <= aboveNs)
            return;

        Seen++;
        if (_count == Capacity)
            return;

        var collections = GC.CollectionCount(0);
        _signals[_count++] = new SlowSignal(number, intendedNs, previousDoneNs, collections, parts);
    }
}
