using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>`xp hist` and its commands.</summary>
public sealed class HistCommand : Command
{
    private readonly Argument<string?> _log = PathArguments.ExistingFile("FILE", "A HdrHistogram log (.hlog).");

    private readonly ValueOption<string?> _tag = new(
        "--tag", "TAG", "Only the histograms with this tag.",
        new ValueReader<string?>("unit: text", ReadValue<string?>.Of), null, "all");

    private readonly FlagOption _full = new("--full", "The whole percentile distribution instead of one line a tag.");

    /// <summary>The command; <paramref name="print"/> does its work and returns the exit code.</summary>
    public HistCommand(Func<HistPrintOptions, CancellationToken, Task<int>> print)
        : base("hist", "Reads histogram logs.")
    {
        var printCommand = new Command("print", "Prints the percentiles of a log, tag by tag, over its whole time.")
        {
            _log, _tag, _full,
        };
        printCommand.SetAction((parsed, cancel) => print(
            new HistPrintOptions
            {
                LogFile = parsed.GetRequiredValue(_log)!,
                Tag = parsed.GetValue(_tag),
                IsFull = parsed.GetValue(_full),
            },
            cancel));
        Add(printCommand);
    }
}
