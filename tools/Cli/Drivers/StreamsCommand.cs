namespace ExecutionPipeline.Cli.Drivers;

/// <summary>`xp streams`.</summary>
public sealed class StreamsCommand : MonitorCommand
{
    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public StreamsCommand(Func<MonitorOptions, CancellationToken, Task<int>> run)
        : base("streams", "Shows how far the publishers and subscribers of a media driver's streams are.") =>
        SetAction((parsed, cancel) => run(Common(parsed), cancel));
}
