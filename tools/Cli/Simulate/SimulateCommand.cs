using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Simulation;

namespace ExecutionPipeline.Cli.Simulate;

/// <summary>What decides in a simulation.</summary>
public enum SimulatedInference
{
    /// <summary>Draws from the context: every size and strategy comes up, at next to no cost.</summary>
    Drawn,

    /// <summary>The rule-based policy.</summary>
    Rules,

    /// <summary>The models, compiled where that can be.</summary>
    Models,
}

/// <summary>Everything that `xp simulate` was asked for, validated.</summary>
public sealed record SimulateOptions
{
    /// <summary>The first seed.</summary>
    public required ulong Seed { get; init; }

    public required int Seeds { get; init; }

    /// <summary>Of each seed.</summary>
    public required long Events { get; init; }

    /// <summary>Seeds at a time.</summary>
    public required int Jobs { get; init; }

    public required FaultClasses Faults { get; init; }

    public required ProcessLives Lives { get; init; }

    public required SimulatedInference Inference { get; init; }

    /// <summary>Where one seed's events, orders and the venue's words go; null: nowhere.</summary>
    public string? TraceFile { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }
}

/// <summary>`xp simulate`: everything goes wrong by a seed, and every rule is held.</summary>
public sealed class SimulateCommand : Command
{
    private const int MaxSeeds = 10_000_000;
    private const int MaxJobs = 1_024;

    private readonly ValueOption<long> _seed = new(
        "--seed", "S", "The first seed.", Numbers.Whole("number", 0, long.MaxValue), 1, "1");

    private readonly ValueOption<int> _seeds = new(
        "--seeds", "K", "Seeds to run, from --seed on.", Numbers.WholeInt("seeds", 1, MaxSeeds), 1, "1");

    private readonly ValueOption<long> _events = new(
        "--events", "N", "Events of each seed, before all is closed.", Numbers.Whole("events", 1, int.MaxValue),
        100_000, "100000");

    private readonly ValueOption<int> _jobs = new(
        "--jobs", "J", "Seeds at a time.", Numbers.WholeInt("seeds", 1, MaxJobs), Environment.ProcessorCount,
        "one for each processor");

    private readonly ValueOption<IReadOnlyList<FaultClasses>> _faults = new(
        "--faults", "LIST", "What may go wrong, such as kill,power,venue.",
        new ValueReader<IReadOnlyList<FaultClasses>>(
            $"some of: {string.Join(", ", Enum.GetNames<FaultClasses>()).ToLowerInvariant()}", ReadFaults),
        [FaultClasses.All], "all");

    private readonly ValueOption<ProcessLives> _lives = RunOptions.Choice(
        "--lives", "HOW", "How long processes live: short, some 1,000 events; mixed, up to 100,000, by the seed.",
        ProcessLives.Short);

    private readonly ValueOption<SimulatedInference> _inference = RunOptions.Choice(
        "--inference", "WHO", "What decides.", SimulatedInference.Drawn);

    private readonly ValueOption<string?> _trace = new(
        "--trace", "FILE", "Writes events, orders and the venue's words of one seed, a line each.", Paths.OutputFile,
        null, "not written");

    private readonly ValueOption<string?> _json = RunOptions.Json();
    private readonly FlagOption _force = RunOptions.Force();

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public SimulateCommand(Func<SimulateOptions, CancellationToken, Task<int>> run)
        : base("simulate", "Breaks everything by a seed on a virtual clock, and checks that no rule is broken.")
    {
        foreach (var option in (Option[])[_seed, _seeds, _events, _jobs, _faults, _lives, _inference, _trace, _json])
            Add(option);
        Add(_force);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private SimulateOptions OptionsOf(ParseResult parsed)
    {
        var options = Read(parsed);
        if (options.TraceFile is not null && options.Seeds > 1)
            throw new UsageException("--trace: it is of one seed; leave --seeds out");

        WrittenFiles.MustStandAlone([], options.TraceFile, options.JsonFile);
        WrittenFiles.MustBeNew(parsed.GetValue(_force), options.TraceFile);
        return options;
    }

    private SimulateOptions Read(ParseResult parsed) => new()
    {
        Seed = (ulong)parsed.GetValue(_seed),
        Seeds = parsed.GetValue(_seeds),
        Events = parsed.GetValue(_events),
        Jobs = parsed.GetValue(_jobs),
        Faults = parsed.GetValue(_faults)!.Aggregate(static (all, one) => all | one),
        Lives = parsed.GetValue(_lives),
        Inference = parsed.GetValue(_inference),
        TraceFile = parsed.GetValue(_trace),
        JsonFile = parsed.GetValue(_json),
    };

    private static ReadValue<IReadOnlyList<FaultClasses>> ReadFaults(string text)
    {
        var faults = new List<FaultClasses>();
        foreach (var word in text.Split(','))
        {
            var isKnown = Enum.TryParse<FaultClasses>(word, ignoreCase: true, out var one)
                && string.Equals(one.ToString(), word, StringComparison.OrdinalIgnoreCase);
            if (!isKnown)
                return ReadValue<IReadOnlyList<FaultClasses>>.Not($"'{word}' is no kind of fault");

            faults.Add(one);
        }

        return ReadValue<IReadOnlyList<FaultClasses>>.Of(faults);
    }
}
