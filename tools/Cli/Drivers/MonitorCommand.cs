using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Drivers;

/// <summary>A command that looks at a driver, once or again and again: the options that all such have.</summary>
public abstract class MonitorCommand : Command
{
    private const double MaxIntervalSeconds = 3600;

    private readonly ValueOption<string?> _directory = DriverDirectories.ToLookAt();

    private readonly ValueOption<double> _interval = new(
        "--interval", "S", "Time between two looks.", Numbers.Positive("s", MaxIntervalSeconds), 1, "1");

    private readonly FlagOption _once = new("--once", "Looks once and ends.");

    private readonly FlagOption _dead = new("--dead", "Looks at what a dead driver left, too.");

    private protected MonitorCommand(string name, string description)
        : base(name, description)
    {
        Add(_directory);
        Add(_interval);
        Add(_once);
        Add(_dead);
    }

    private protected MonitorOptions Common(ParseResult parsed) => new()
    {
        AeronDirectory = parsed.GetValue(_directory) ?? DriverDirectories.Default,
        IntervalSeconds = parsed.GetValue(_once) ? null : parsed.GetValue(_interval),
        IsDeadAllowed = parsed.GetValue(_dead),
    };
}

/// <summary>Which driver to look at, and how often; the path is absolute.</summary>
public record MonitorOptions
{
    /// <summary>The driver's directory.</summary>
    public required string AeronDirectory { get; init; }

    /// <summary>Time between two looks, in seconds; null: one look alone.</summary>
    public double? IntervalSeconds { get; init; }

    /// <summary>Looks at what a dead driver left, too.</summary>
    public bool IsDeadAllowed { get; init; }
}

/// <summary>`xp stat`: its options and how they become <see cref="StatOptions"/>.</summary>
public sealed class StatCommand : MonitorCommand
{
    private const int AnyType = -1;

    private readonly ValueOption<int> _type = new(
        "--type", "ID", "Only the counters of this type.",
        Numbers.WholeInt("type id", 0, int.MaxValue), AnyType, "all");

    private readonly ValueOption<string?> _label = new(
        "--label", "TEXT", "Only the counters with this text in their label, in upper or lower case.",
        new ValueReader<string?>("unit: text", ReadValue<string?>.Of), null, "all");

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public StatCommand(Func<StatOptions, CancellationToken, Task<int>> run)
        : base("stat", "Shows the counters of a media driver.")
    {
        Add(_type);
        Add(_label);
        SetAction((parsed, cancel) =>
        {
            var common = Common(parsed);
            var type = parsed.GetValue(_type);
            return run(
                new StatOptions
                {
                    AeronDirectory = common.AeronDirectory,
                    IntervalSeconds = common.IntervalSeconds,
                    IsDeadAllowed = common.IsDeadAllowed,
                    TypeId = type == AnyType ? null : type,
                    Label = parsed.GetValue(_label),
                },
                cancel);
        });
    }
}

/// <summary>Everything that `xp stat` was asked for.</summary>
public sealed record StatOptions : MonitorOptions
{
    /// <summary>Only the counters of this type; null: all.</summary>
    public int? TypeId { get; init; }

    /// <summary>Only the counters whose label has this text in it, in upper or lower case; null: all.</summary>
    public string? Label { get; init; }
}

/// <summary>`xp streams`.</summary>
public sealed class StreamsCommand : MonitorCommand
{
    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public StreamsCommand(Func<MonitorOptions, CancellationToken, Task<int>> run)
        : base("streams", "Shows how far the publishers and subscribers of a media driver's streams are.") =>
        SetAction((parsed, cancel) => run(Common(parsed), cancel));
}

/// <summary>`xp errors`.</summary>
public sealed class ErrorsCommand : MonitorCommand
{
    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public ErrorsCommand(Func<MonitorOptions, CancellationToken, Task<int>> run)
        : base("errors", "Shows the distinct errors that a media driver has logged.") =>
        SetAction((parsed, cancel) => run(Common(parsed), cancel));
}
