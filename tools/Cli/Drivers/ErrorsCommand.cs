namespace ExecutionPipeline.Cli.Drivers;

/// <summary>`xp errors`.</summary>
public sealed class ErrorsCommand : MonitorCommand
{
    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public ErrorsCommand(Func<MonitorOptions, CancellationToken, Task<int>> run)
        : base("errors", "Shows the distinct errors that a media driver has logged.") =>
        SetAction((parsed, cancel) => run(Common(parsed), cancel));
}
