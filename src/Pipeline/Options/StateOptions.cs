namespace ExecutionPipeline.Pipeline.Options;

/// <summary>What outlives the process.</summary>
public sealed class StateOptions
{
    /// <summary>
    /// The file that keeps the kill switch latched over a restart; empty: a restart releases it. Default empty.
    /// </summary>
    public string KillSwitchFile { get; init; } = "";
}
