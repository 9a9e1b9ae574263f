using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ExecutionPipeline.Benchmarks.Journal;
using ExecutionPipeline.Messages.Events;
using Command = System.CommandLine.Command;

namespace ExecutionPipeline.Benchmarks.Commands;

/// <summary>
/// <c>journal</c>: what an append takes on the hot thread, by kind of event, and how many events a second pass when so
/// many share a sync, beside what a sync of one page takes on the same disk.
/// </summary>
internal static class JournalCosts
{
    private const int Events = 1_000_000;
    private const int Syncs = 200;
    private const int Rounds = 5;
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
        var read = new Option<DirectoryInfo>("--read") { Description = "Reads this journal instead, several times." };
        read.AcceptExistingOnly();
        var command = new Command("journal", "Measures appends to the journal, group commits, and reads.")
        {
            folder, read, json,
        };
        command.SetAction(parsed => parsed.GetValue(read) is { } journal
            ? Read(parsed.InvocationConfiguration.Output, journal.FullName)
            : Run(
                parsed.InvocationConfiguration.Output,
                parsed.GetValue(folder)!.FullName,
                parsed.GetValue(json)?.FullName));
        return command;
    }

    private static int Run(TextWriter output, string folder, string? jsonFile)
    {
        var figures = new List<Figure>();
        JournalMeasures.MeasureAppends(folder, EventKind.Timer, Events / 10);
        foreach (var kind in Kinds)
        {
            var (chunks, allocated) = JournalMeasures.MeasureAppends(folder, kind, Events);
            figures.Add(Figure.Of($"append {kind}", "this", null, chunks) with { AllocatedBytes = allocated });
        }

        figures.Add(Figure.Of("sync of a page", "the disk", null, JournalMeasures.MeasureDisk(folder, Syncs)));
        foreach (var group in Groups)
        {
            var tookNs = JournalMeasures.MeasureSyncs(folder, group, Syncs);
            figures.Add(Figure.Of($"{group} events a sync", "this", null, tookNs));
        }

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

    private static int Read(TextWriter output, string folder)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var read = JournalMeasures.MeasureRead(folder);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{read.Events:N0} events, {read.Signals:N0} of them signals, in {read.Elapsed.TotalSeconds:0.000} s: ")
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"{read.Events / read.Elapsed.TotalSeconds:N0} events/s, ")
                + string.Create(
                    CultureInfo.InvariantCulture, $"{read.Bytes / read.Elapsed.TotalSeconds / 1e6:N0} MB/s"));
        }

        return 0;
    }
}
