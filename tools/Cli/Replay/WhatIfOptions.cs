using System.CommandLine;
using ExecutionPipeline.Cli.Backtest;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Cli.Replay;

/// <summary>
/// What a what-if compares, validated; paths are absolute. Configuration, models and inference of the replay's own
/// options are those of the what-if; here are those of the base.
/// </summary>
public sealed record WhatIfOptions
{
    /// <summary>Keys of the configuration, over the file.</summary>
    public IReadOnlyList<SweepSetting> Settings { get; init; } = [];

    /// <summary>The journal's configuration; null: the demo's own.</summary>
    public string? BaseConfig { get; init; }

    /// <summary>The models that decided; null: models-onnx, looked for upwards.</summary>
    public string? BaseModels { get; init; }

    /// <summary>Who decided; null: as in the what-if.</summary>
    public InferenceChoice? BaseInference { get; init; }

    /// <summary>Where the page goes; null: nowhere.</summary>
    public string? PageFile { get; init; }
}

/// <summary>The options of a what-if on the command line of `xp replay`.</summary>
internal sealed class WhatIfInputs
{
    private readonly FlagOption _whatIf = new(
        "--what-if",
        "Plays the journal's signals, market data and commands as they were, and with --config, --set, --models or "
        + "--inference, against the simulated exchange, and compares.");

    private readonly ValuesOption<SweepAxis> _set = new(
        "--set", "KEY=VALUE", "A key of the configuration for --what-if; strategy=NAME: every decision is worked so.",
        SweepAxis.Reader, "nothing");

    private readonly ValueOption<string?> _report = new(
        "--report", "DIR", "Writes what-if.html to a folder.", Paths.WritableDirectory, null, "not written");

    private readonly ValueOption<string?> _baseConfig = new(
        "--base-config", "FILE", "The journal's own configuration, for --what-if.",
        Paths.ExistingFile, null, "the demo's own");

    private readonly ValueOption<string?> _baseModels = new(
        "--base-models", "DIR", "The models that decided, for --what-if with other --models.",
        Paths.ExistingDirectory, null, "models-onnx, looked for upwards");

    private readonly ValueOption<InferenceChoice?> _baseInference = RunOptions.OptionalChoice<InferenceChoice>(
        "--base-inference", "NAME", "Who decided, for --what-if with another --inference.", "as --inference");

    /// <summary>In the order of the help.</summary>
    public IReadOnlyList<Option> All => [_whatIf, _set, _report, _baseConfig, _baseModels, _baseInference];

    /// <summary>What was given of them; null: no what-if is asked for.</summary>
    /// <exception cref="UsageException">Options do not go together, or nothing is otherwise.</exception>
    public WhatIfOptions? Read(ParseResult parsed, ReplayOptions replay)
    {
        var axes = parsed.GetValue(_set)!;
        var options = new WhatIfOptions
        {
            Settings = [.. axes.Select(static axis => new SweepSetting(axis.Key, axis.Values[0], false))],
            BaseConfig = parsed.GetValue(_baseConfig),
            BaseModels = parsed.GetValue(_baseModels),
            BaseInference = parsed.GetValue(_baseInference),
            PageFile = parsed.GetValue(_report) is { } folder ? Path.Combine(folder, WhatIfRunner.Page) : null,
        };
        if (!parsed.GetValue(_whatIf))
        {
            return All.Skip(1).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } lone
                ? throw new UsageException($"{lone.Name} is for --what-if")
                : null;
        }

        if (axes.FirstOrDefault(static axis => axis.Values.Count > 1) is { } several)
            throw new UsageException($"--set: {several.Key} has several values; a what-if has one");
        if (replay.IsVerified || replay.ShowsState || replay.Until != long.MaxValue
            || replay.OutputFile is not null || replay.CompareFile is not null)
        {
            throw new UsageException(
                "--what-if goes with none of --verify, --until, --state, --output and --compare: it is no replay");
        }

        var isOther = options.Settings.Count > 0 || replay.ConfigFile is not null
            || (replay.ModelsDirectory is not null && replay.ModelsDirectory != options.BaseModels)
            || (options.BaseInference ?? replay.Inference) != replay.Inference;
        return isOther
            ? options
            : throw new UsageException(
                "--what-if: nothing is otherwise: give --config, --set, --models, or --inference and --base-inference");
    }
}
