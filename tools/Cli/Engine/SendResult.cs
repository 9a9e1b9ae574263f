namespace ExecutionPipeline.Cli.Engine;

/// <summary>What became of an attempt to send.</summary>
public enum SendResult
{
    Sent,

    /// <summary>The receiver or the transport is behind: try again.</summary>
    Busy,

    /// <summary>Nobody will ever receive: the driver or the receiver went away.</summary>
    Gone,
}
