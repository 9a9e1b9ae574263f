namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>The latencies of one stage in one interval, kept small.</summary>
/// <param name="Stage">Whose latencies.</param>
/// <param name="StartNs">When the interval began, in nanoseconds since the Unix epoch.</param>
/// <param name="EndNs">When it ended.</param>
/// <param name="Packed">
/// For each value that was recorded, from the lowest up, how much it is above the one before in nanoseconds, and how
/// often it was recorded; both in groups of seven bits, the lowest first (LEB128).
/// </param>
public sealed record LatencyInterval(LatencyPart Stage, long StartNs, long EndNs, byte[] Packed)
{
    /// <summary>The interval as a histogram with its times, in milliseconds since the Unix epoch, and no tag.</summary>
    public LongHistogram ToHistogram()
    {
        var histogram = LatencyIntervals.NewHistogram();
        histogram.StartTimeStamp = StartNs / LatencyIntervals.NanosPerMilli;
        histogram.EndTimeStamp = EndNs / LatencyIntervals.NanosPerMilli;
        using var packed = new BinaryReader(new MemoryStream(Packed));
        for (var value = 0L; packed.BaseStream.Position < Packed.Length;)
        {
            value += packed.Read7BitEncodedInt64();
            histogram.RecordValueWithCount(value, packed.Read7BitEncodedInt64());
        }

        return histogram;
    }
}

/// <summary>
/// Histograms of every stage, one set a second. One thread records into a set that only it has; each second it leaves
/// that set to another thread and goes on with the one that came back, so that recording waits for nobody and
/// allocates nothing. Where the other thread is late, the interval goes on: it becomes longer, and nothing is lost.
/// </summary>
/// <param name="isKept">Whether the intervals are kept, or only the sum of them.</param>
internal sealed class LatencyIntervals(bool isKept)
{
    /// <summary>Longer than any event should take; what is longer is recorded as this.</summary>
    public const long HighestNs = 60_000_000_000;

    /// <summary>The length of an interval whose set came back in time.</summary>
    public const long IntervalNs = 1_000_000_000;

    public const long NanosPerMilli = 1_000_000;

    private const int SignificantDigits = 3;

    private static readonly int Stages = Enum.GetValues<LatencyPart>().Length;

    private readonly LongHistogram[] _totals = NewHistograms();
    private readonly List<LatencyInterval> _intervals = [];
    private readonly BinaryWriter _packed = new(new MemoryStream());
    private Set _active = new();
    private Set? _spare = new();
    private Set? _full;
    private long _turnAtNs = long.MinValue;
    private long _lastNs;

    /// <summary>The intervals that have been collected, in the order of their times.</summary>
    public IReadOnlyList<LatencyInterval> Collected => _intervals;

    /// <summary>A histogram of the range and precision of all of these.</summary>
    public static LongHistogram NewHistogram()
    {
        // The library makes a table with the first value that is recorded: here, not on the thread that is measured.
        var histogram = new LongHistogram(1, HighestNs, SignificantDigits);
        histogram.RecordValue(1);
        histogram.Reset();
        return histogram;
    }

    /// <summary>The recording thread: an event of this time comes next. Begins an interval where one is due.</summary>
    public void MoveTo(long timeNs)
    {
        _lastNs = timeNs;
        if (timeNs >= _turnAtNs)
            Turn(timeNs);
    }

    /// <summary>The recording thread: a latency from 0 up, in nanoseconds.</summary>
    public void Record(LatencyPart stage, long valueNs) =>
        _active.Histograms[(int)stage].RecordValue(Math.Min(valueNs, HighestNs));

    /// <summary>The collecting thread: takes the set that was left, if there is one; the other records on.</summary>
    public void Collect()
    {
        // Pairs with the write in Turn: what was recorded in the set is seen.
        if (Volatile.Read(ref _full) is not { } full)
            return;

        Keep(full);
        _full = null;
        // Pairs with the read in Turn: the set is empty before it is taken for the next interval, and so is _full.
        Volatile.Write(ref _spare, full);
    }

    /// <summary>The sum of a stage's intervals. The recording thread must have ended.</summary>
    public LongHistogram TotalOf(LatencyPart stage)
    {
        Collect();
        _active.EndNs = _lastNs;
        Keep(_active);
        return _totals[(int)stage];
    }

    private void Turn(long timeNs)
    {
        if (_active.StartNs == 0)
        {
            _active.StartNs = timeNs;
        }
        // Pairs with the write in Collect: the set came back, so the one before it has been collected.
        else if (Volatile.Read(ref _spare) is { } spare)
        {
            _active.EndNs = timeNs;
            _spare = null;
            (spare.StartNs, spare.EndNs) = (timeNs, 0);
            // Pairs with the read in Collect: the set is whole when it is seen.
            Volatile.Write(ref _full, _active);
            _active = spare;
        }

        _turnAtNs = timeNs + IntervalNs;
    }

    private void Keep(Set set)
    {
        for (var stage = 0; stage < Stages; stage++)
        {
            var histogram = set.Histograms[stage];
            if (histogram.TotalCount == 0)
                continue;

            Add(histogram, _totals[stage]);
            if (isKept)
                _intervals.Add(new LatencyInterval((LatencyPart)stage, set.StartNs, set.EndNs, TakePacked()));
            histogram.Reset();
        }
    }

    /// <summary>
    /// Nothing is left behind but what is kept: garbage of the measured time would bring on a collection in it.
    /// </summary>
    private void Add(LongHistogram histogram, LongHistogram total)
    {
        var last = 0L;
        foreach (var slot in histogram.RecordedValues())
        {
            var (value, count) = (slot.ValueIteratedTo, slot.CountAddedInThisIterationStep);
            total.RecordValueWithCount(value, count);
            if (!isKept)
                continue;

            _packed.Write7BitEncodedInt64(value - last);
            _packed.Write7BitEncodedInt64(count);
            last = value;
        }
    }

    private byte[] TakePacked()
    {
        var stream = (MemoryStream)_packed.BaseStream;
        var packed = stream.GetBuffer()[..(int)stream.Length];
        stream.SetLength(0);
        return packed;
    }

    private static LongHistogram[] NewHistograms() => [.. Enumerable.Range(0, Stages).Select(_ => NewHistogram())];

    /// <summary>The histograms of one interval.</summary>
    private sealed class Set
    {
        public LongHistogram[] Histograms { get; } = NewHistograms();

        public long StartNs { get; set; }

        public long EndNs { get; set; }
    }
}
