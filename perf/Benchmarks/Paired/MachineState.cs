namespace ExecutionPipeline.Benchmarks.Paired;

/// <summary>How far apart the two cores were while something was measured.</summary>
internal enum MachineState
{
    Near,
    Middle,
    Far,

    /// <summary>The readings before and after differed, so nothing can be said of what was measured between.</summary>
    Mixed,
}
