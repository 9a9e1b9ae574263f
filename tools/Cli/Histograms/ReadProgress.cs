using Spectre.Console;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>A bar on a terminal that says how much of the logs is read; nothing where output goes to a file.</summary>
public static class ReadProgress
{
    /// <summary>Reads while the bar is shown.</summary>
    /// <param name="console">Where the bar goes; null: nowhere.</param>
    /// <param name="paths">The files that are read.</param>
    /// <param name="read">Reads, and tells the function it is given how many more bytes have been read.</param>
    public static void Run(IAnsiConsole? console, IEnumerable<string> paths, Action<Action<long>> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (console is null || !console.Profile.Out.IsTerminal)
        {
            read(_ => { });
            return;
        }

        var totalBytes = paths.Sum(path => new FileInfo(path).Length);
        console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .Start(context =>
            {
                var task = context.AddTask("reading", maxValue: Math.Max(1, totalBytes));
                read(bytes => task.Increment(bytes));
            });
    }
}
