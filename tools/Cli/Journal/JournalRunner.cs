using System.Text;
using System.Text.Json;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Journal;

/// <summary>`xp journal`: what its commands do.</summary>
public static class JournalRunner
{
    private const int TailEvents = 10;
    private const int TailPauseMs = 100;

    /// <summary>Runs. Returns the exit code: 1 when a check finds that the journal is not whole.</summary>
    public static Task<int> RunAsync(
        JournalOptionsRead options, IAnsiConsole console, TextWriter output, CancellationToken cancel) =>
        Task.Run(() => Run(options, console, output, cancel), CancellationToken.None);

    private static int Run(
        JournalOptionsRead options, IAnsiConsole console, TextWriter output, CancellationToken cancel) =>
        options.Action switch
        {
            JournalAction.Check => Check(options.Folder, console, cancel),
            JournalAction.Repair => Repair(options.Folder, console, cancel),
            JournalAction.Dump => Dump(options, output, cancel),
            JournalAction.Tail => Tail(options.Folder, output, cancel),
            JournalAction.Export => Export(options, output, cancel),
            JournalAction.Snapshot => JournalSnapshots.Write(options, console, cancel),
            _ => TradeStory.Tell(options, console, cancel),
        };

    private static int Check(string folder, IAnsiConsole console, CancellationToken cancel)
    {
        var survey = JournalSurvey.Of(folder, cancel);
        console.WriteLine($"the journal of a {survey.Owner.ToString().ToLowerInvariant()}");
        foreach (var segment in survey.Segments)
        {
            console.WriteLine(FormattableString.Invariant(
                $"{Path.GetFileName(segment.Path)}: {segment.Events:#,0} events from {segment.FirstSequence} on, ")
                + FormattableString.Invariant($"{segment.Bytes:#,0} bytes are good"));
        }

        Show(console, survey);
        return survey.Problem is null ? ExitCode.Done : ExitCode.Failed;
    }

    private static int Repair(string folder, IAnsiConsole console, CancellationToken cancel)
    {
        var survey = JournalSurvey.Of(folder, cancel);
        Show(console, survey);
        foreach (var path in survey.Repair())
            console.WriteLine($"kept: {path}");
        if (survey.Problem is null)
            console.WriteLine("nothing had to be repaired");
        else
            console.WriteLine($"cut behind event {survey.Good.Sequence - 1}");
        return ExitCode.Done;
    }

    private static void Show(IAnsiConsole console, JournalSurvey survey)
    {
        if (survey.Problem is { } problem)
            console.MarkupLineInterpolated($"[red]{problem}[/]");
        else if (survey.End == JournalEnd.CutOff)
            console.MarkupLineInterpolated($"[yellow]whole up to event {survey.Good.Sequence - 1}, without an end[/]");
        else
            console.MarkupLineInterpolated($"[green]whole, with the end of its run[/]");
    }

    private static int Dump(JournalOptionsRead options, TextWriter output, CancellationToken cancel)
    {
        using var reader = new JournalReader(options.Folder, owner: null);
        var e = default(PipelineEvent);
        while (reader.TryReadRecord(ref e) && reader.Sequence < options.Until)
        {
            cancel.ThrowIfCancellationRequested();
            if (reader.Sequence >= options.From)
                output.WriteLine(LineOf(reader, in e));
        }

        if (reader.EndNote is { } note)
            output.WriteLine(note);
        return ExitCode.Done;
    }

    private static int Tail(string folder, TextWriter output, CancellationToken cancel)
    {
        using var reader = new JournalReader(folder, owner: null) { IsFollowing = true };
        var e = default(PipelineEvent);
        var last = new Queue<string>();
        while (reader.TryRead(ref e))
        {
            cancel.ThrowIfCancellationRequested();
            last.Enqueue(LineOf(reader, in e));
            if (last.Count > TailEvents)
                last.Dequeue();
        }

        foreach (var line in last)
            output.WriteLine(line);
        while (!cancel.WaitHandle.WaitOne(TailPauseMs))
        {
            while (!cancel.IsCancellationRequested && reader.TryRead(ref e))
                output.WriteLine(LineOf(reader, in e));
            output.Flush();
        }

        return ExitCode.Interrupted;
    }

    private static int Export(JournalOptionsRead options, TextWriter output, CancellationToken cancel)
    {
        if (options.OutputFile is null)
        {
            Write(options, output, cancel);
            return ExitCode.Done;
        }

        using var file = new WholeFile(options.OutputFile);
        using (var writer = new StreamWriter(file.Stream, leaveOpen: true))
            Write(options, writer, cancel);
        file.Complete();
        return ExitCode.Done;
    }

    private static void Write(JournalOptionsRead options, TextWriter output, CancellationToken cancel)
    {
        using var reader = new JournalReader(options.Folder, owner: null);
        if (options.Format == ExportFormat.Csv)
            output.WriteLine(string.Join(',', EventFields.All));

        var e = default(PipelineEvent);
        while (reader.TryRead(ref e) && reader.Sequence < options.Until)
        {
            cancel.ThrowIfCancellationRequested();
            if (reader.Sequence >= options.From)
                output.WriteLine(options.Format == ExportFormat.Csv ? RowOf(reader, e) : JsonOf(reader, e));
        }

        JournalFolders.TellEnd("journal export", reader.EndNote);
    }

    private static string LineOf(JournalReader reader, ref readonly PipelineEvent e) => reader.Kind switch
    {
        RecordKind.Event => string.Join(
            ' ', EventFields.Of(e, reader.Sequence).Select(static f => $"{f.Name}={EventFields.TextOf(f.Value)}")),
        RecordKind.Checkpoint => $"checkpoint before={reader.Sequence} results={reader.CheckpointHash:x16}",
        RecordKind.Synced => $"synced before={reader.Synced}",
        _ => $"end before={reader.Sequence}",
    };

    private static string RowOf(JournalReader reader, PipelineEvent e)
    {
        var values = EventFields.Of(e, reader.Sequence).ToDictionary(static f => f.Name, static f => f.Value);
        return string.Join(
            ',', EventFields.All.Select(name => values.TryGetValue(name, out var v) ? EventFields.TextOf(v) : ""));
    }

    private static string JsonOf(JournalReader reader, PipelineEvent e)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var (name, value) in EventFields.Of(e, reader.Sequence))
            {
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value, value.GetType());
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
