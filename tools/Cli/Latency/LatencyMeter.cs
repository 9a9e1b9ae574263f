using System.Diagnostics;
using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Latency;

/// <summary>
/// Times subjects in turns, a batch each, so that all of them see the machine in the same states. A clock reading costs
/// as much as a small stage, so it is a batch that is timed, and each of its events counts with the batch's mean: what
/// a tail tells is how long a batch took, not one event. A cold subject is timed event by event instead, each after the
/// caches were filled with something else; a clock reading is in each of its figures.
/// </summary>
public static class LatencyMeter
{
    /// <summary>Events between two readings of the clock.</summary>
    public const int BatchEvents = 32;

    private const int WarmUpBatches = 2_000;
    private const long MaxNs = 1_000_000_000;
    private const int Digits = 3;
    private const int LineBytes = 64;

    /// <summary>Filling the caches takes longer than a batch, so a cold event comes once in so many.</summary>
    private const int BatchesOfColdEvent = 8;

    /// <summary>More than any core's own caches hold.</summary>
    private const int OtherBytes = 8 << 20;

    private static readonly byte[] Others = new byte[OtherBytes];

    /// <summary>What each subject takes for an event, in the subjects' order.</summary>
    public static IReadOnlyList<SubjectLatency> Measure(
        IReadOnlyList<LatencySubject> subjects, long events, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        var histograms = subjects.Select(static _ => new LongHistogram(MaxNs, Digits)).ToArray();
        var bytes = new long[subjects.Count];
        RunBatches(subjects, WarmUpBatches, histograms, bytes, cancel);
        foreach (var histogram in histograms)
            histogram.Reset();
        Array.Clear(bytes);

        var batches = (events + BatchEvents - 1) / BatchEvents;
        RunBatches(subjects, batches, histograms, bytes, cancel);
        return
        [
            .. subjects.Select((subject, i) => new SubjectLatency
            {
                Name = subject.Name,
                LatencyNs = HistogramFigures.Summarise(histograms[i]),
                AllocatedBytesPerEvent = (double)bytes[i] / histograms[i].TotalCount,
            }),
        ];
    }

    /// <summary>Times one event. Returns the bytes that it allocated.</summary>
    private static long RunCold(LatencySubject subject, LongHistogram histogram)
    {
        for (var at = 0; at < OtherBytes; at += LineBytes)
            Others[at]++;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        subject.Run(1);
        var elapsedNs = (long)Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        histogram.RecordValue(Math.Min(elapsedNs, MaxNs));
        return GC.GetAllocatedBytesForCurrentThread() - allocated;
    }

    private static void RunBatches(
        IReadOnlyList<LatencySubject> subjects, long batches, LongHistogram[] histograms, long[] bytes,
        CancellationToken cancel)
    {
        for (var batch = 0L; batch < batches; batch++)
        {
            cancel.ThrowIfCancellationRequested();
            for (var i = 0; i < subjects.Count; i++)
            {
                if (subjects[i].IsCold)
                {
                    if (batch % BatchesOfColdEvent == 0)
                        bytes[i] += RunCold(subjects[i], histograms[i]);
                    continue;
                }

                // The other subjects have taken the caches: a batch that is not timed brings them back.
                subjects[i].Run(BatchEvents);
                var allocated = GC.GetAllocatedBytesForCurrentThread();
                var start = Stopwatch.GetTimestamp();
                subjects[i].Run(BatchEvents);
                var elapsedNs = (long)Stopwatch.GetElapsedTime(start).TotalNanoseconds;
                bytes[i] += GC.GetAllocatedBytesForCurrentThread() - allocated;
                histograms[i].RecordValueWithCount(Math.Min(elapsedNs / BatchEvents, MaxNs), BatchEvents);
            }
        }
    }
}

/// <summary>Something that takes events.</summary>
/// <param name="Name">As reports name it.</param>
/// <param name="Run">Takes so many events; allocates nothing.</param>
public sealed record LatencySubject(string Name, Action<int> Run)
{
    /// <summary>Whether it is timed with caches that hold something else. Default: no.</summary>
    public bool IsCold { get; init; }

    /// <summary>The same, timed cold.</summary>
    public LatencySubject Cold => this with { Name = $"{Name}_cold", IsCold = true };
}

/// <summary>What a subject takes for an event.</summary>
public sealed record SubjectLatency
{
    public required string Name { get; init; }

    public required LatencySummary LatencyNs { get; init; }

    public double AllocatedBytesPerEvent { get; init; }
}
