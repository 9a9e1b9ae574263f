using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using Command = System.CommandLine.Command;

namespace ExecutionPipeline.Benchmarks.Commands;

/// <summary>
/// <c>journal</c>: what an append takes on the hot thread, by kind of event, and how many events a second pass when so
/// many share a sync, beside what a sync of one page takes on the same disk.
/// </summary>
internal static class JournalCosts
{
    private const int Events = 1_000_000;
    private const int ChunkEvents = 1_000;
    private const int Syncs = 200;
    private static readonly int[] Groups = [1, 10, 100, 1_000];

    private static readonly EventKind[] Kinds =
        [EventKind.TradeQualified, EventKind.MarketUpdate, EventKind.ExecutionReport, EventKind.Timer];

    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--folder")
        {
            Description = "Where the journals are written; they are removed.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.GetTempPath()),
        };
        var json = new Option<FileInfo>("--json") { Description = "Writes the figures to this file." };
        var command = new Command("journal", "Measures appends to the journal, and group commits.") { folder, json };
        command.SetAction(parsed => Run(
            parsed.InvocationConfiguration.Output,
            parsed.GetValue(folder)!.FullName,
            parsed.GetValue(json)?.FullName));
        return command;
    }

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

    private static int Run(TextWriter output, string folder, string? jsonFile)
    {
        var figures = new List<Figure>();
        MeasureAppends(folder, EventKind.Timer, Events / 10);
        foreach (var kind in Kinds)
        {
            var (chunks, allocated) = MeasureAppends(folder, kind, Events);
            figures.Add(Figure.Of($"append {kind}", "this", null, chunks) with { AllocatedBytes = allocated });
        }

        figures.Add(Figure.Of("sync of a page", "the disk", null, MeasureDisk(folder, Syncs)));
        foreach (var group in Groups)
            figures.Add(Figure.Of($"{group} events a sync", "this", null, MeasureSyncs(folder, group, Syncs)));

        foreach (var figure in figures)
            output.WriteLine(figure);
        foreach (var (group, figure) in Groups.Zip(figures.TakeLast(Groups.Length)))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{group,6} events a sync: {group * 1e9 / figure.P50Ns,12:N0} events/s"));
        }

        if (jsonFile != null)
            File.WriteAllText(jsonFile, JsonSerializer.Serialize(figures, MeasureCommand.Json));
        return 0;
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }
}
