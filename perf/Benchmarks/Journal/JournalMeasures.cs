using System.Diagnostics;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Benchmarks.Journal;

/// <summary>A journal read to its end.</summary>
/// <param name="Events">Events that were read.</param>
/// <param name="Signals">Of these, the signals.</param>
/// <param name="Bytes">Of all segments.</param>
/// <param name="Elapsed">From the first file opened to the last record checked.</param>
public sealed record JournalRead(long Events, long Signals, long Bytes, TimeSpan Elapsed);

/// <summary>What appends to a journal, syncs of it and reads of it take.</summary>
public static class JournalMeasures
{
    private const int ChunkEvents = 1_000;

    /// <summary>Appends so many events of a kind. Returns the nanoseconds an event took, chunk by chunk.</summary>
    public static (double[] ChunksNs, long AllocatedBytes) MeasureAppends(string folder, EventKind kind, int events)
    {
        var path = Path.Combine(folder, $"xp-journal-{Guid.NewGuid():N}");
        try
        {
            var none = default(ConfigurationHash);
            var options = new JournalOptions { SegmentMb = 256, Sync = JournalSync.None };
            using var journal = new EventJournal(path, options, in none);
            var e = new PipelineEvent { Header = { Kind = kind, TimeNs = 1 } };
            var chunks = new double[events / ChunkEvents];
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var chunk = 0; chunk < chunks.Length; chunk++)
            {
                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < ChunkEvents; i++)
                {
                    e.Header.CorrelationId++;
                    journal.Append(in e);
                }

                chunks[chunk] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / ChunkEvents;
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Array.Sort(chunks);
            return (chunks, allocated);
        }
        finally
        {
            Remove(path);
        }
    }

    /// <summary>Appends and syncs groups of events. Returns what each took, in nanoseconds.</summary>
    public static double[] MeasureSyncs(string folder, int group, int syncs)
    {
        var path = Path.Combine(folder, $"xp-journal-{Guid.NewGuid():N}");
        try
        {
            var none = default(ConfigurationHash);
            var options = new JournalOptions { Sync = JournalSync.Batch, Mode = JournalMode.BeforeRouting };
            using var journal = new EventJournal(path, options, in none);
            var e = new PipelineEvent { Header = { Kind = EventKind.TradeQualified, TimeNs = 1 } };
            var tookNs = new double[syncs];
            for (var i = 0; i < syncs; i++)
            {
                var start = Stopwatch.GetTimestamp();
                for (var j = 0; j < group; j++)
                    journal.Append(in e);
                journal.Sync();
                tookNs[i] = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            }

            Array.Sort(tookNs);
            return tookNs;
        }
        finally
        {
            Remove(path);
        }
    }

    /// <summary>Overwrites one page of a file that has its room, and syncs it: the disk's own latency.</summary>
    public static double[] MeasureDisk(string folder, int syncs)
    {
        var path = Path.Combine(folder, $"xp-disk-{Guid.NewGuid():N}");
        try
        {
            var page = new byte[4_096];
            using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, preallocationSize: 1 << 20);
            var tookNs = new double[syncs];
            for (var i = 0; i < syncs; i++)
            {
                page[0]++;
                var start = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, page, 0);
                RandomAccess.FlushToDisk(file);
                tookNs[i] = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            }

            Array.Sort(tookNs);
            return tookNs;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Reads a journal to its end, as a replay does, but for the stages.</summary>
    public static JournalRead MeasureRead(string folder)
    {
        var bytes = JournalFiles.In(folder).Values.Sum(static path => new FileInfo(path).Length);
        var start = Stopwatch.GetTimestamp();
        using var reader = new JournalReader(folder);
        var e = default(PipelineEvent);
        var signals = 0L;
        while (reader.TryRead(ref e))
        {
            if (e.Header.Kind == EventKind.TradeQualified)
                signals++;
        }

        return new JournalRead(reader.Count, signals, bytes, Stopwatch.GetElapsedTime(start));
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }
}
