using System.Data.Common;
using System.Diagnostics;
using System.Text.Json.Nodes;
using ExecutionPipeline.Audit.Reading;
using ExecutionPipeline.Audit.Recording;
using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Audit.Running;
using ExecutionPipeline.Audit.Store;
using ExecutionPipeline.Audit.Verification;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Journal;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Pipeline.Hosting;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Audit;

/// <summary>`xp audit`: what its commands do.</summary>
public static class AuditRunner
{
    /// <summary>Tries so often, for about half a minute, where the store is down and nobody asked to follow.</summary>
    private const int RetriesWithoutFollowing = 10;

    private const int OutputBytes = 1 << 16;

    /// <summary>Runs. Returns the exit code: 1 when the chain is not whole, or nothing is known of a signal.</summary>
    public static Task<int> RunAsync(
        AuditCommandOptions options, IAnsiConsole console, Stream output, CancellationToken cancel) =>
        Task.Run(() => RunOn(options, console, output, cancel), CancellationToken.None);

    private static async Task<int> RunOn(
        AuditCommandOptions options, IAnsiConsole console, Stream output, CancellationToken cancel)
    {
        using var store = AuditStore.Of(options.Store);
        using var key = options.KeyFile is { } path ? HeadKey.Read(path) : null;
        try
        {
            return options.Action switch
            {
                AuditAction.Run => Audit(options, store, key, console, cancel),
                AuditAction.Query => Query(options, store, console, cancel),
                AuditAction.Show => Show(options, store, console),
                AuditAction.Explain => Explain(options, store, console),
                AuditAction.Export => await ExportAsync(options, store, console, output, cancel).ConfigureAwait(false),
                AuditAction.Verify => Verify(options, store, key, console, cancel),
                _ => Retain(options, store, key, console),
            };
        }
        catch (DbException problem)
        {
            throw new IOException($"{store.Name}: {problem.Message}", problem);
        }
    }

    private static int Audit(
        AuditCommandOptions options, AuditStore store, HeadKey? key, IAnsiConsole console, CancellationToken cancel)
    {
        var choice = Policies.ChoiceOf(options.Inference, GraphChoice.Merged, options.ModelsDirectory);
        using var policy = Policies.Open(choice, console);
        var run = new AuditRun(
            new AuditOptions
            {
                JournalFolder = options.JournalFolder!,
                Pipeline = JournalFolders.ConfigurationOf(options.JournalFolder!, options.ConfigFile),
                Policy = policy,
                OpenModels = choice.VersionOpener(),
                IsFollowing = options.IsFollowing,
                SnapshotFolder = options.SnapshotFolder,
                Retries = options.IsFollowing ? int.MaxValue : RetriesWithoutFollowing,
                Key = key,
                Author = new ChangeAuthor(options.ChangedBy, options.ChangeReason),
                OnNote = note => console.MarkupLineInterpolated($"[yellow]{note}[/]"),
            },
            store);
        var clock = Stopwatch.StartNew();
        var figures = run.Run(cancel);
        JournalFolders.TellEnd("audit run", figures.EndNote);
        var report = new AuditReport
        {
            Events = figures.Events,
            Records = figures.Records,
            Decisions = figures.Decisions,
            Position = figures.Position,
            ConfirmedTo = figures.ConfirmedTo,
            ResumedAt = figures.ResumedAt,
            Retries = figures.Retries,
            HeadId = figures.Head.Id,
            HeadHash = Convert.ToHexStringLower(figures.Head.Hash.Span),
            ElapsedS = clock.Elapsed.TotalSeconds,
            RecordsPerSecond = figures.Records / clock.Elapsed.TotalSeconds,
            StoreBytes = File.Exists(options.Store) ? new FileInfo(options.Store).Length : null,
        };
        console.WriteLine(FormattableString.Invariant(
            $"{report.Records:#,0} records of {report.Events:#,0} events, {report.Decisions:#,0} decisions among them")
            + FormattableString.Invariant($", in {report.ElapsedS:0.00} s ({report.RecordsPerSecond:#,0} records/s)"));
        if (report.Records > 0)
            console.WriteLine($"confirmed by checkpoints up to event {report.ConfirmedTo} of {report.Position}");
        console.WriteLine($"the chain ends with record {report.HeadId}, {report.HeadHash}");
        if (options.JsonFile is not null)
            ReportJson.Write(options.JsonFile, report);
        return options.IsFollowing ? ExitCode.Interrupted : ExitCode.Done;
    }

    private static int Query(
        AuditCommandOptions options, AuditStore store, IAnsiConsole console, CancellationToken cancel)
    {
        var records = new List<AuditRecord>();
        foreach (var record in store.Read(options.Filter))
        {
            cancel.ThrowIfCancellationRequested();
            records.Add(record);
        }

        var table = new Table { Border = TableBorder.Simple };
        foreach (var name in (string[])["record", "time", "kind", "signal", "outcome", "what happened"])
            table.AddColumn(name);
        foreach (var record in records)
        {
            var entry = record.Entry;
            table.AddRow(
                FormattableString.Invariant($"{record.Id}"), Figures.Time(entry.TimeUs), RecordChain.NameOf(entry.Kind),
                entry.SignalId == 0 ? "" : FormattableString.Invariant($"{entry.SignalId}"), entry.Outcome,
                Markup.Escape(entry.Explanation));
        }

        console.Write(table);
        if (options.JsonFile is not null)
            ReportJson.Write(options.JsonFile, new JsonArray([.. records.Select(RecordExport.ObjectOf)]));
        return ExitCode.Done;
    }

    private static int Show(AuditCommandOptions options, AuditStore store, IAnsiConsole console)
    {
        var decisions = WholeDecision.Read(store, options.Filter).ToList();
        foreach (var decision in decisions)
            console.WriteLine(decision.ToJsonString(ReportJson.Indented));
        if (options.JsonFile is not null)
            ReportJson.Write(options.JsonFile, new JsonArray([.. decisions]));
        return decisions.Count > 0 ? ExitCode.Done : Unknown(options, store, console);
    }

    private static int Explain(AuditCommandOptions options, AuditStore store, IAnsiConsole console)
    {
        var told = WholeDecision.Explain(store, options.Filter.SignalId!.Value).ToList();
        foreach (var (timeUs, sentence) in told)
            console.WriteLine($"{Figures.Time(timeUs)}  {sentence}");
        if (options.JsonFile is not null)
        {
            var lines = told.Select(static one => new { Time = Figures.Time(one.TimeUs), one.Sentence });
            ReportJson.Write(options.JsonFile, lines.ToList());
        }

        return told.Count > 0 ? ExitCode.Done : Unknown(options, store, console);
    }

    private static int Unknown(AuditCommandOptions options, AuditStore store, IAnsiConsole console)
    {
        console.WriteLine($"{store.Name} knows no signal {options.Filter.SignalId}");
        return ExitCode.Failed;
    }

    private static async Task<int> ExportAsync(
        AuditCommandOptions options, AuditStore store, IAnsiConsole console, Stream output,
        CancellationToken cancel)
    {
        long count;
        if (options.OutputFile is null)
        {
            var buffered = new BufferedStream(output, OutputBytes);
            count = await WriteAsync(options, store, buffered, cancel).ConfigureAwait(false);
            await buffered.FlushAsync(cancel).ConfigureAwait(false);
        }
        else
        {
            using var file = new WholeFile(options.OutputFile);
            count = await WriteAsync(options, store, file.Stream, cancel).ConfigureAwait(false);
            file.Complete();
            console.WriteLine(FormattableString.Invariant($"{count:#,0} written to {options.OutputFile}"));
        }

        if (options.JsonFile is not null)
            ReportJson.Write(options.JsonFile, new { Count = count, options.OutputFile });
        return ExitCode.Done;
    }

    private static async Task<long> WriteAsync(
        AuditCommandOptions options, AuditStore store, Stream stream, CancellationToken cancel) => options.Format switch
        {
            AuditFormat.Parquet => await ParquetExport.WriteAsync(store.Read(options.Filter), stream, cancel)
                .ConfigureAwait(false),
            AuditFormat.Csv => RecordExport.WriteCsv(store.Read(options.Filter), stream, cancel),
            _ when options.IsWhole => RecordExport.WriteJson(WholeDecision.Read(store, options.Filter), stream, cancel),
            _ => RecordExport.WriteJson(store.Read(options.Filter), stream, cancel),
        };

    private static int Verify(
        AuditCommandOptions options, AuditStore store, HeadKey? key, IAnsiConsole console, CancellationToken cancel)
    {
        var report = ChainVerifier.Verify(store, key, cancel, options.Noted);
        foreach (var problem in report.Problems)
            console.MarkupLineInterpolated($"[red]{problem.Message}[/]");
        if (report.UnreadBehind is { } unread)
        {
            var rest = $"the records behind {unread} were not read, nor held against what was noted of them";
            console.MarkupLineInterpolated($"[yellow]after {ChainVerifier.MaxProblems} problems: {rest}[/]");
        }

        if (report.KeyId is not null && key is null)
            console.MarkupLineInterpolated($"[yellow]the head is signed by {report.KeyId}: check it with --key[/]");
        if (report.Problems.Count == 0)
        {
            var signed = report.IsSignatureChecked ? ", and its head is signed by the key" : "";
            console.MarkupLineInterpolated($"[green]{report.Records} records are as they were written{signed}[/]");
        }

        console.WriteLine(
            $"the chain ends with record {report.Head.Id}, {Convert.ToHexStringLower(report.Head.Hash.Span)}");
        if (options.JsonFile is not null)
        {
            ReportJson.Write(options.JsonFile, new
            {
                report.Records,
                report.FirstId,
                HeadId = report.Head.Id,
                HeadHash = Convert.ToHexStringLower(report.Head.Hash.Span),
                report.KeyId,
                report.IsSignatureChecked,
                report.Problems,
                report.UnreadBehind,
            });
        }

        return report.Problems.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static int Retain(AuditCommandOptions options, AuditStore store, HeadKey? key, IAnsiConsole console)
    {
        var removed = Retention.RemoveOld(store, DateTimeOffset.UtcNow, options.RetentionDays, key);
        console.WriteLine(FormattableString.Invariant(
            $"{removed:#,0} records were removed: they were older than {options.RetentionDays} days"));
        if (options.JsonFile is not null)
            ReportJson.Write(options.JsonFile, new { Removed = removed, options.RetentionDays });
        return ExitCode.Done;
    }
}

/// <summary>The figures of a run.</summary>
public sealed record AuditReport
{
    /// <summary>Events put through the stages.</summary>
    public long Events { get; init; }

    /// <summary>Records written.</summary>
    public long Records { get; init; }

    /// <summary>Of these, decisions.</summary>
    public long Decisions { get; init; }

    /// <summary>The first event that is not audited.</summary>
    public long Position { get; init; }

    /// <summary>Events up to which the run's checkpoints confirm the replay.</summary>
    public long ConfirmedTo { get; init; }

    /// <summary>The event that it began with, from a snapshot.</summary>
    public long ResumedAt { get; init; }

    /// <summary>How often the store had to be tried again.</summary>
    public long Retries { get; init; }

    /// <summary>The number of the chain's last record.</summary>
    public long HeadId { get; init; }

    /// <summary>Its hash: who notes it elsewhere knows later that nothing before it was changed.</summary>
    public required string HeadHash { get; init; }

    public double ElapsedS { get; init; }

    public double RecordsPerSecond { get; init; }

    /// <summary>Of a file of SQLite, without its log; null for PostgreSQL.</summary>
    public long? StoreBytes { get; init; }
}
