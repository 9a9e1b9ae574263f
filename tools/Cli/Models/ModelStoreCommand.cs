using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Drivers;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Cli.Models;

/// <summary>One of the commands on a store of models: its options and how they are read.</summary>
public sealed class ModelStoreCommand : Command
{
    private const int MaxRetention = 10_000;
    private const string StoreFolder = "model-store";

    private readonly ModelStoreAction _action;

    private readonly TextArgument _version = new(
        "VERSION", "The version.", "current, previous, or how it begins", "current");

    private readonly TextArgument _named = new("VERSION", "The version.", "previous, or how it begins", null);

    private readonly ValueOption<string?> _store = new(
        "--store", "DIR", "The store of models.", Paths.OutputDirectory, null, StoreFolder);

    private readonly ValueOption<string?> _source = RunOptions.Models();

    private readonly ValueOption<int> _retention = new(
        "--keep", "N", "Versions that are kept; the oldest beyond them are removed.",
        Numbers.WholeInt("versions", 2, MaxRetention), ModelStore.DefaultRetention, "20");

    private readonly ValueOption<InferenceChoice> _inference = RunOptions.Choice(
        "--inference", "NAME", "How the models are run.", InferenceChoice.Auto, InferenceChoice.Rules);

    private readonly ValueOption<double> _latencyMaxUs = new(
        "--latency", "T", "Largest median of a run.", Numbers.Positive("us", 1e6), 200, "200");

    private readonly ValueOption<int> _share = new(
        "--share", "N", "Share of the signals that it decides.",
        Numbers.WholeInt("basis points", 1, 10_000), 500, "500");

    private readonly ValueOption<string?> _aeronDirectory = DriverDirectories.ToLookAt();

    private readonly ValueOption<string?> _config = RunOptions.StreamsConfig();

    private readonly ValueOption<string?> _channel = RunOptions.Channel();

    private readonly ValueOption<string?> _json = RunOptions.Json();

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public ModelStoreCommand(ModelStoreAction action, Func<ModelStoreOptions, CancellationToken, Task<int>> run)
        : base(action.ToString().ToLowerInvariant(), DescriptionOf(action))
    {
        _action = action;
        if (action is ModelStoreAction.Show or ModelStoreAction.Validate)
            Add(_version);
        else if (action is ModelStoreAction.Deploy or ModelStoreAction.Canary)
            Add(_named);

        foreach (var option in OptionsFor(action))
            Add(option);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private Option[] OptionsFor(ModelStoreAction action) => action switch
    {
        ModelStoreAction.Add => [_store, _source, _retention],
        ModelStoreAction.List or ModelStoreAction.Show => [_store, _json],
        ModelStoreAction.Validate => [_store, _inference, _latencyMaxUs, _json],
        ModelStoreAction.Deploy => [_store, _latencyMaxUs, _aeronDirectory, _config, _channel],
        ModelStoreAction.Canary => [_store, _share, _latencyMaxUs, _aeronDirectory, _config, _channel],
        _ => [_aeronDirectory, _config, _channel],
    };

    private ModelStoreOptions OptionsOf(ParseResult parsed) => new()
    {
        Action = _action,
        StoreDirectory = parsed.GetValue(_store) ?? Path.GetFullPath(StoreFolder),
        Version = parsed.GetValue(_named) ?? parsed.GetValue(_version) ?? "current",
        SourceDirectory = parsed.GetValue(_source),
        Retention = parsed.GetValue(_retention),
        Inference = parsed.GetValue(_inference),
        LatencyMaxUs = parsed.GetValue(_latencyMaxUs),
        AeronDirectory = parsed.GetValue(_aeronDirectory),
        ConfigFile = parsed.GetValue(_config),
        Channel = parsed.GetValue(_channel),
        CanaryShareBps = parsed.GetValue(_share),
        JsonFile = parsed.GetValue(_json),
    };

    private static string DescriptionOf(ModelStoreAction action) => action switch
    {
        ModelStoreAction.Add => "Takes a folder of models into a store; the first one becomes current.",
        ModelStoreAction.List => "Lists the versions of a store, latest first.",
        ModelStoreAction.Show => "Shows one version: where it is from, its files, what it was measured at.",
        ModelStoreAction.Validate =>
            "Measures one version: latency, accuracy, stability, safety; exit code 1 when it does not pass.",
        ModelStoreAction.Deploy =>
            "Validates one version, then lets it decide in a running pipeline, from one event to the next.",
        ModelStoreAction.Canary =>
            "Validates one version, then lets it decide a share of the signals, beside the models that decide.",
        ModelStoreAction.Promote => "Lets the canary decide everything.",
        _ => "Ends the canary; where none runs, goes back to the models before these.",
    };
}

/// <summary>What `xp models` does with a store.</summary>
public enum ModelStoreAction
{
    /// <summary>Takes the models of a folder in.</summary>
    Add,

    /// <summary>Lists the versions.</summary>
    List,

    /// <summary>Shows one version.</summary>
    Show,

    /// <summary>Measures one version against what models must show.</summary>
    Validate,

    /// <summary>Lets one version decide in a running pipeline.</summary>
    Deploy,

    /// <summary>Lets one version decide a share of the signals of a running pipeline.</summary>
    Canary,

    /// <summary>Lets the canary decide everything.</summary>
    Promote,

    /// <summary>Ends the canary, or goes back to the models before these.</summary>
    Rollback,
}

/// <summary>Everything that a command on a store was asked for, validated; paths are absolute.</summary>
public sealed record ModelStoreOptions
{
    public required ModelStoreAction Action { get; init; }

    /// <summary>The store, or, where a version is only read, a plain folder of models.</summary>
    public required string StoreDirectory { get; init; }

    /// <summary>current, previous, or how a version begins.</summary>
    public string Version { get; init; } = "current";

    /// <summary>The folder to take in.</summary>
    public string? SourceDirectory { get; init; }

    /// <summary>Versions that the store keeps.</summary>
    public int Retention { get; init; }

    /// <summary>How the models are run while they are measured.</summary>
    public InferenceChoice Inference { get; init; }

    /// <summary>Largest median of a run, in microseconds.</summary>
    public double LatencyMaxUs { get; init; }

    /// <summary>The folder of the media driver that the pipeline is reached through.</summary>
    public string? AeronDirectory { get; init; }

    /// <summary>The pipeline's configuration, for its streams; null: the demo's own.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The Aeron channel of every stream; null: those of the configuration.</summary>
    public string? Channel { get; init; }

    /// <summary>Share of the signals that a canary decides, in basis points.</summary>
    public int CanaryShareBps { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }
}
