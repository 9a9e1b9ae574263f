using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Cli.Journal;

/// <summary>What `xp journal` is asked for.</summary>
public enum JournalAction
{
    /// <summary>Says of each segment what is good.</summary>
    Check,

    /// <summary>Cuts behind the last good record.</summary>
    Repair,

    /// <summary>Every record in a line.</summary>
    Dump,

    /// <summary>New events as they come.</summary>
    Tail,

    /// <summary>Every event for another program.</summary>
    Export,

    /// <summary>One signal's story.</summary>
    Show,

    /// <summary>The state that the events lead to, for a quick start.</summary>
    Snapshot,
}

/// <summary>How events are exported.</summary>
public enum ExportFormat
{
    /// <summary>A JSON object a line.</summary>
    Json,

    /// <summary>A table with a column for every field that any kind of event has.</summary>
    Csv,
}

/// <summary>Everything that a command of `xp journal` was asked for; paths are absolute.</summary>
public sealed record JournalOptionsRead
{
    public required JournalAction Action { get; init; }

    /// <summary>The journal's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The first event of interest.</summary>
    public long From { get; init; }

    /// <summary>The event before which it ends.</summary>
    public long Until { get; init; } = long.MaxValue;

    public ExportFormat Format { get; init; }

    /// <summary>Where an export goes; null: to the terminal.</summary>
    public string? OutputFile { get; init; }

    /// <summary>Whether to go on as the journal is written.</summary>
    public bool IsFollowing { get; init; }

    /// <summary>So many events are between two snapshots.</summary>
    public long Every { get; init; }

    /// <summary>The signal whose story is told.</summary>
    public ulong SignalId { get; init; }

    /// <summary>The pipeline's configuration; null: the demo's own.</summary>
    public string? ConfigFile { get; init; }

    public InferenceChoice Inference { get; init; }

    /// <summary>The folder or store of the models; null: models-onnx, looked for upwards.</summary>
    public string? ModelsDirectory { get; init; }
}

/// <summary>`xp journal` and its commands.</summary>
public sealed class JournalCommand : Command
{
    /// <summary>The command; <paramref name="run"/> does the work of each and returns the exit code.</summary>
    public JournalCommand(Func<JournalOptionsRead, CancellationToken, Task<int>> run)
        : base("journal", "Looks at, repairs and exports journals of inputs.")
    {
        foreach (var action in Enum.GetValues<JournalAction>())
            Add(new JournalActionCommand(action, run));
    }
}

/// <summary>One of the commands on a journal: its options and how they are read.</summary>
internal sealed class JournalActionCommand : Command
{
    private readonly JournalAction _action;

    private readonly ValueOption<string?> _folder = new(
        "--journal", "DIR", "The journal. It must be given.", Paths.ExistingDirectory, null, "none");

    private readonly ValueOption<long> _from = new(
        "--from", "SEQ", "Begins with the event with this number.",
        Numbers.Whole("the number of an event", 0, long.MaxValue), 0, "0");

    private readonly ValueOption<long> _until = new(
        "--until", "SEQ", "Ends before the event with this number.",
        Numbers.Whole("the number of an event", 1, long.MaxValue), long.MaxValue, "the journal's end");

    private readonly ValueOption<ExportFormat> _format = RunOptions.Choice(
        "--format", "NAME", "JSON lines, or a table.", ExportFormat.Json);

    private readonly ValueOption<string?> _output = new(
        "--output", "FILE", "Writes to this file.", Paths.OutputFile, null, "the terminal");

    private readonly ValueOption<ulong> _signal = new(
        "--signal", "ID", "The signal. It must be given.", Numbers.Id("the id of a signal"), 0, "none");

    private readonly ValueOption<long> _every = new(
        "--every", "N", "Writes a snapshot after so many events.",
        Numbers.Whole("events", 1_000, long.MaxValue), 1_000_000, "1,000,000");

    private readonly FlagOption _follow = new(
        "--follow", "Goes on as the journal is written, until it is interrupted.");

    private readonly ValueOption<InferenceChoice> _inference = RunOptions.Choice(
        "--inference", "NAME", "Who decided: the ONNX models, compiled or by ONNX Runtime, or the rule-based policy.",
        InferenceChoice.Auto);

    private readonly ValueOption<string?> _config = RunOptions.Config();
    private readonly ValueOption<string?> _models = RunOptions.Models();
    private readonly FlagOption _force = RunOptions.Force();

    public JournalActionCommand(JournalAction action, Func<JournalOptionsRead, CancellationToken, Task<int>> run)
        : base(action.ToString().ToLowerInvariant(), DescriptionOf(action))
    {
        _action = action;
        Add(_folder);
        if (action is JournalAction.Dump or JournalAction.Export)
            AddAll(_from, _until);
        if (action == JournalAction.Export)
            AddAll(_format, _output, _force);
        if (action == JournalAction.Show)
            AddAll(_signal, _inference, _config, _models);
        if (action == JournalAction.Snapshot)
            AddAll(_follow, _every, _inference, _config, _models);
        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private static string DescriptionOf(JournalAction action) => action switch
    {
        JournalAction.Check => "Reads every byte and says of each segment what is good.",
        JournalAction.Repair => "Cuts a damaged journal behind its last good record, and keeps what it cuts.",
        JournalAction.Dump => "Writes every record in a line.",
        JournalAction.Tail => "Writes new events as they come, until it is interrupted.",
        JournalAction.Export => "Writes every event as JSON lines or a table.",
        JournalAction.Snapshot => "Writes the state that the events lead to beside the journal, for a quick start.",
        _ => "Tells what became of a signal, in plain words.",
    };

    private void AddAll(params Option[] options)
    {
        foreach (var option in options)
            Add(option);
    }

    private JournalOptionsRead OptionsOf(ParseResult parsed)
    {
        var isExport = _action == JournalAction.Export;
        var isShow = _action == JournalAction.Show;
        var isSnapshot = _action == JournalAction.Snapshot;
        var isDecided = isShow || isSnapshot;
        var isPart = isExport || _action == JournalAction.Dump;
        var options = new JournalOptionsRead
        {
            Action = _action,
            Folder = parsed.GetValue(_folder)
                ?? throw new UsageException("--journal DIR must be given: the journal's folder"),
            From = isPart ? parsed.GetValue(_from) : 0,
            Until = isPart ? parsed.GetValue(_until) : long.MaxValue,
            Format = isExport ? parsed.GetValue(_format) : ExportFormat.Json,
            OutputFile = isExport ? parsed.GetValue(_output) : null,
            SignalId = isShow ? parsed.GetValue(_signal) : 0,
            IsFollowing = isSnapshot && parsed.GetValue(_follow),
            Every = isSnapshot ? parsed.GetValue(_every) : 0,
            Inference = isDecided ? parsed.GetValue(_inference) : InferenceChoice.Auto,
            ConfigFile = isDecided ? parsed.GetValue(_config) : null,
            ModelsDirectory = isDecided ? parsed.GetValue(_models) : null,
        };
        if (isShow && options.SignalId == 0)
            throw new UsageException("--signal ID must be given: the signal whose story is asked for");

        WrittenFiles.MustStandAlone(JournalFolders.FilesOf(options.Folder), options.OutputFile);
        WrittenFiles.MustBeNew(isExport && parsed.GetValue(_force), options.OutputFile);
        return options;
    }
}
