using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Journal;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Replay;

/// <summary>`xp replay`: its options and how they become <see cref="ReplayOptions"/>.</summary>
public sealed class ReplayCommand : System.CommandLine.Command
{
    private readonly ValueOption<string?> _journal = new(
        "--journal", "DIR", "The journal, such as xp demo --journal keeps. It must be given.",
        Paths.ExistingDirectory, null, "none");

    private readonly FlagOption _verify = new(
        "--verify",
        "Exit code 1 when the results are not those of the journal's checkpoints, or none could be compared.");

    private readonly ValueOption<long> _until = new(
        "--until", "SEQ", "Stops before the event with this number.",
        Numbers.Whole("the number of an event", 1, long.MaxValue), long.MaxValue, "the journal's end");

    private readonly FlagOption _state = new("--state", "Shows the state at the end: account, orders, trades, limits.");

    private readonly ValueOption<Topology> _topology = RunOptions.Choice(
        "--topology", "NAME", "How the stages are spread over threads; the results are the same.",
        Topology.Inline);

    private readonly ValueOption<InferenceChoice> _inference = RunOptions.Choice(
        "--inference", "NAME", "Who decides: the ONNX models, compiled or by ONNX Runtime, or the rule-based policy.",
        InferenceChoice.Auto);

    private readonly ValueOption<GraphChoice> _graph = RunOptions.Choice(
        "--graph", "NAME", "The three actors in one ONNX graph, or one each.", GraphChoice.Merged);

    private readonly ValueOption<string?> _output = new(
        "--output", "FILE", "Writes the outbound messages.", Paths.OutputFile, null, "not written");

    private readonly ValueOption<string?> _compare = new(
        "--compare", "FILE",
        "Compares the outbound messages with a file that --output wrote; exit code 1 when they differ.",
        Paths.ExistingFile, null, "not compared");

    private readonly WhatIfInputs _whatIf = new();
    private readonly ValueOption<string?> _config = RunOptions.Config();
    private readonly ValueOption<string?> _models = RunOptions.Models();
    private readonly ValueOption<string?> _json = RunOptions.Json();
    private readonly FlagOption _force = RunOptions.Force();

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public ReplayCommand(Func<ReplayOptions, CancellationToken, Task<int>> run)
        : base("replay", "Runs a journal through the stages again and writes or compares what comes out.")
    {
        Option[] options =
        [
            _journal, _verify, _until, _state, _topology, _inference, _graph, _output, _compare, _config, _models,
            .. _whatIf.All, _json, _force,
        ];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private ReplayOptions OptionsOf(ParseResult parsed)
    {
        var options = Read(parsed);
        options = options with { WhatIf = _whatIf.Read(parsed, options) };
        string?[] inputs =
        [
            options.CompareFile, .. ConfigurationLoader.FilesOf(options.ConfigFile),
            .. ConfigurationLoader.FilesOf(options.WhatIf?.BaseConfig),
            .. JournalFolders.FilesOf(options.JournalFolder), .. Policies.FilesOf(options.ModelsDirectory),
            .. Policies.FilesOf(options.WhatIf?.BaseModels),
        ];
        WrittenFiles.MustStandAlone(inputs, options.OutputFile, options.JsonFile, options.WhatIf?.PageFile);
        WrittenFiles.MustBeNew(parsed.GetValue(_force), options.OutputFile, options.WhatIf?.PageFile);
        return options;
    }

    private ReplayOptions Read(ParseResult parsed) => new()
    {
        JournalFolder = parsed.GetValue(_journal)
            ?? throw new UsageException("--journal DIR must be given: the journal that is to be replayed"),
        IsVerified = parsed.GetValue(_verify),
        Until = parsed.GetValue(_until),
        ShowsState = parsed.GetValue(_state),
        Topology = parsed.GetValue(_topology),
        Inference = parsed.GetValue(_inference),
        Graph = parsed.GetValue(_graph),
        OutputFile = parsed.GetValue(_output),
        CompareFile = parsed.GetValue(_compare),
        ConfigFile = parsed.GetValue(_config),
        ModelsDirectory = parsed.GetValue(_models),
        JsonFile = parsed.GetValue(_json),
    };
}

/// <summary>Everything that `xp replay` was asked for, validated; paths are absolute.</summary>
public sealed record ReplayOptions
{
    /// <summary>The folder of the journal.</summary>
    public required string JournalFolder { get; init; }

    /// <summary>Whether results that differ from those of the journal's checkpoints are a failure.</summary>
    public bool IsVerified { get; init; }

    /// <summary>The event before which the replay stops. Default: at the journal's end.</summary>
    public long Until { get; init; } = long.MaxValue;

    /// <summary>Whether the state at the end is shown.</summary>
    public bool ShowsState { get; init; }

    public Topology Topology { get; init; } = Topology.Inline;

    public InferenceChoice Inference { get; init; }

    public GraphChoice Graph { get; init; }

    /// <summary>Where the outbound messages go; null: nowhere.</summary>
    public string? OutputFile { get; init; }

    /// <summary>Outbound messages that these must equal, byte for byte; null: none.</summary>
    public string? CompareFile { get; init; }

    /// <summary>The pipeline's configuration; null: the demo's own.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The folder of the ONNX models and their manifest; null: models-onnx, looked for upwards.</summary>
    public string? ModelsDirectory { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }

    /// <summary>What is compared with the run as it was; null: the journal is replayed.</summary>
    public WhatIfOptions? WhatIf { get; init; }
}
