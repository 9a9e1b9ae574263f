namespace ExecutionPipeline.Pipeline.Options;

/// <summary>What a hot thread does while it has nothing to do.</summary>
public enum WaitMode
{
    /// <summary>Spin where each hot thread has a processor and one is left; else yield.</summary>
    Auto,

    /// <summary>Spins: lowest latency, and a processor to itself.</summary>
    Spin,

    /// <summary>Spins, then yields to other threads of the same processor.</summary>
    Yield,

    /// <summary>Sleeps until woken (ring) or for up to a millisecond (inputs): for tests and shared machines.</summary>
    Block,
}
