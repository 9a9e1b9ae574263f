using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Drivers;

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
