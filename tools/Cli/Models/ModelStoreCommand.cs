using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Drivers;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Stages.Inference.Models;
using Spectre.Console;

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

    private readonly ValueOption<string?> _store;

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
        var folders = action == ModelStoreAction.Add ? Paths.WritableDirectory : Paths.OutputDirectory;
        _store = new ValueOption<string?>("--store", "DIR", "The store of models.", folders, null, StoreFolder);
        if (action is ModelStoreAction.Show or ModelStoreAction.Validate)
            Add(_version);
        else if (action is ModelStoreAction.Deploy or ModelStoreAction.Canary)
            Add(_named);

        foreach (var option in OptionsFor(action))
            Add(option);

        SetAction((parsed, cancel) =>
        {
            var options = OptionsOf(parsed);
            WrittenFiles.MustStandAlone(Policies.FilesOf(options.StoreDirectory), options.JsonFile);
            return run(options, cancel);
        });
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

/// <summary>The commands of `xp models` that work on a store.</summary>
public static class ModelStoreRunner
{
    /// <summary>Returns the exit code.</summary>
    /// <exception cref="UsageException">No such store or version, or a file is not as it should be.</exception>
    public static Task<int> RunAsync(ModelStoreOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        return Task.Run(() => Run(options, console, cancel), CancellationToken.None);
    }

    /// <summary>The models that a text names, in a store or, as the current ones, in a plain folder.</summary>
    /// <exception cref="ModelFileException">There are none, or several.</exception>
    /// <exception cref="UsageException">There is no such folder.</exception>
    public static ModelDirectory Resolve(string folder, string version)
    {
        if (!Directory.Exists(folder))
            throw NoStore(folder);

        if (version == "current")
            return PolicyChoice.ModelsOf(folder);

        var store = new ModelStore(folder);
        if (version != "previous")
            return store.Open(store.Find(version));

        var history = store.History();
        return history.Count > 1
            ? store.Open(history[1])
            : throw new ModelFileException($"{folder}: there is no previous version");
    }

    private static int Run(ModelStoreOptions options, IAnsiConsole console, CancellationToken cancel) =>
        options.Action switch
        {
            ModelStoreAction.Add => Add(options, console),
            ModelStoreAction.List => List(options, console),
            ModelStoreAction.Show => Show(options, console),
            ModelStoreAction.Validate => Validate(options, console, cancel),
            _ => ModelSender.Run(options, console, cancel),
        };

    private static int Add(ModelStoreOptions options, IAnsiConsole console)
    {
        var store = new ModelStore(options.StoreDirectory, options.Retention);
        var version = store.Add(options.SourceDirectory ?? Policies.FindFolder(), "xp models add");
        if (store.History().Count == 0)
            store.MakeCurrent(version);

        console.WriteLine($"{version} is in {store.Location}");
        return 0;
    }

    private static int List(ModelStoreOptions options, IAnsiConsole console)
    {
        if (!ModelStore.IsStore(options.StoreDirectory))
            throw NoStore(options.StoreDirectory);

        var store = new ModelStore(options.StoreDirectory);
        var history = store.History();
        var rows = store.List().Select(model => new
        {
            Version = model.Version.ToString(),
            Role = RoleOf(history, model.Version),
            model.Manifest?.Lineage?.Created,
            model.Manifest?.Lineage?.Parent,
            Accuracy = AccuracyOf(model),
            model.Problem,
        }).ToList();
        WriteJson(options, rows);
        FigureTable.Write(
            console, null, ["version", "role", "created", "parent", "accuracy"],
            [
                .. rows.Select(static row => (string[])
                [
                    row.Version, row.Role, FormattableString.Invariant($"{row.Created:u}"),
                    PrintableText.Escape(row.Parent ?? ""), FormattableString.Invariant($"{row.Accuracy:0.0000}"),
                ]),
            ]);
        foreach (var row in rows.Where(static row => row.Problem != null))
            console.WriteLine(PrintableText.Line($"{row.Version}: {row.Problem}"));
        return 0;
    }

    private static int Show(ModelStoreOptions options, IAnsiConsole console)
    {
        var models = Resolve(options.StoreDirectory, options.Version);
        models.VerifyAll();
        if (options.JsonFile is not null)
            WholeFile.WriteText(options.JsonFile, models.Manifest.ToJson());

        console.WriteLine($"version: {ModelVersion.Of(models.Manifest)}");
        if (models.Manifest.Lineage is { } lineage)
        {
            console.WriteLine(PrintableText.Line(FormattableString.Invariant(
                $"added: {lineage.Created:u} by {lineage.Tool}, parent {lineage.Parent ?? "none"}")));
        }

        var measured = models.Manifest.Validation;
        console.WriteLine(FormattableString.Invariant(
            $"accuracy: size {measured.Size.Accuracy:0.0000}, strategy {measured.Strategy.Accuracy:0.0000}"));
        ModelsRunner.Show(console, models.Manifest);
        return 0;
    }

    private static int Validate(ModelStoreOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        var checks = ModelChecks.Run(options, cancel);
        WriteJson(options, checks.Figures);
        checks.Show(console);
        return checks.IsPassed ? 0 : ExitCode.Failed;
    }

    private static UsageException NoStore(string folder) =>
        new($"{folder} is no store of models: xp models add makes one");

    /// <summary>The lesser of its actors' accuracies when it was made; 0: it cannot be read.</summary>
    internal static double AccuracyOf(StoredModel model) =>
        model.Manifest is { Validation: var v } ? Math.Min(v.Size.Accuracy, v.Strategy.Accuracy) : 0;

    /// <summary>current, previous, or empty.</summary>
    internal static string RoleOf(IReadOnlyList<ModelVersion> history, ModelVersion version)
    {
        string[] roles = ["current", "previous"];
        var index = history.Take(roles.Length).ToList().IndexOf(version);
        return index < 0 ? "" : roles[index];
    }

    private static void WriteJson<T>(ModelStoreOptions options, T value)
    {
        if (options.JsonFile is not null)
            ReportJson.Write(options.JsonFile, value);
    }
}
