namespace ExecutionPipeline.Cli.Reports;

/// <summary>Why a tactical engine ended.</summary>
public enum EngineEnding
{
    /// <summary>Everything was sent.</summary>
    Done,

    /// <summary>It was interrupted, or its parent ended.</summary>
    Interrupted,

    /// <summary>The pipeline did not subscribe in time.</summary>
    NotConnected,

    /// <summary>The media driver or the pipeline went away.</summary>
    DriverLost,

    /// <summary>Something else: see the problem beside it.</summary>
    Failed,
}
