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
