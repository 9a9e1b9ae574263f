using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Pipeline.Configuration;

namespace ExecutionPipeline.Cli.Backtest;

/// <summary>`xp backtest sweep`: the same backtest over values of the configuration and over seeds.</summary>
public sealed class SweepCommand : Command
{
    private const long MaxSeeds = 100_000;
    private const int MaxJobs = 1_024;

    private readonly BacktestInputs _inputs = new();

    private readonly ValuesOption<SweepAxis> _set = new(
        "--set", "KEY=V,...", "A key of the configuration and the values to run with; --over strategy: each strategy.",
        SweepAxis.Reader, "nothing: the configuration as it is");

    private readonly ValueOption<long> _seeds = new(
        "--seeds", "N", "Seeds to run each value with, from --seed on.",
        Numbers.Whole("seeds", 1, MaxSeeds), 20, "20");

    private readonly ValueOption<int> _jobs = new(
        "--jobs", "N", "Runs at a time.", Numbers.WholeInt("runs", 1, MaxJobs), Environment.ProcessorCount,
        "one for each processor");

    private readonly ValueOption<string?> _report = new(
        "--report", "FILE", "Writes an HTML page with the table and a chart.", Paths.OutputFile, null, "not written");

    private readonly ValueOption<string?> _json = RunOptions.Json();
    private readonly FlagOption _force = RunOptions.Force();

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public SweepCommand(Func<SweepOptions, CancellationToken, Task<int>> run)
        : base("sweep", "Runs a backtest over values of the configuration and over seeds, and compares the costs.")
    {
        _set.Aliases.Add("--over");
        foreach (var option in (Option[])[.. _inputs.All, _set, _seeds, _jobs, _report, _json, _force])
            Add(option);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private SweepOptions OptionsOf(ParseResult parsed)
    {
        var options = new SweepOptions
        {
            Backtest = _inputs.Read(parsed),
            Axes = parsed.GetValue(_set)!,
            Seeds = (int)parsed.GetValue(_seeds),
            Jobs = parsed.GetValue(_jobs),
            PageFile = parsed.GetValue(_report),
            JsonFile = parsed.GetValue(_json),
        };
        if (options.Backtest.Signals.Journal is not null)
            throw new UsageException("--signals: a sweep draws its signals by seeds; name a number of them");
        if (options.Axes.GroupBy(static axis => axis.Key).FirstOrDefault(static key => key.Count() > 1) is { } twice)
            throw new UsageException($"--set: {twice.Key} is named twice");

        string?[] inputs =
        [
            .. options.Backtest.DataFiles, .. ConfigurationLoader.FilesOf(options.Backtest.ConfigFile),
            .. Policies.FilesOf(options.Backtest.ModelsDirectory),
        ];
        WrittenFiles.MustStandAlone(inputs, options.PageFile, options.JsonFile);
        WrittenFiles.MustBeNew(parsed.GetValue(_force), options.PageFile);
        return options;
    }
}

/// <summary>Everything that `xp backtest sweep` was asked for, validated; paths are absolute.</summary>
public sealed record SweepOptions
{
    /// <summary>What each run is like.</summary>
    public required BacktestOptions Backtest { get; init; }

    /// <summary>What is varied: each value of one with each of the others.</summary>
    public required IReadOnlyList<SweepAxis> Axes { get; init; }

    public required int Seeds { get; init; }

    /// <summary>Runs at a time.</summary>
    public required int Jobs { get; init; }

    /// <summary>Where the page goes; null: nowhere.</summary>
    public string? PageFile { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }

    /// <summary>The runs' settings, the first axis slowest; one without a setting where there is no axis.</summary>
    public IReadOnlyList<SweepVariant> Variants() => Axes.Aggregate(
        (IReadOnlyList<SweepVariant>)[new SweepVariant([])],
        static (variants, axis) =>
        [
            .. variants.SelectMany(_ => axis.Values, (variant, value) =>
                new SweepVariant([.. variant.Settings, new SweepSetting(axis.Key, value, axis.Values.Count > 1)])),
        ]);
}
