namespace ExecutionPipeline.Cli.Demo;

/// <summary>What a hot thread does while there is nothing to do.</summary>
public enum WaitChoice
{
    /// <summary>Busy where each hot thread has a processor of its own, else yield.</summary>
    Auto,

    /// <summary>Spins: lowest latency, a whole processor.</summary>
    Busy,

    /// <summary>Spins, then gives the processor up for a turn.</summary>
    Yield,

    /// <summary>Sleeps until woken.</summary>
    Block,
}
