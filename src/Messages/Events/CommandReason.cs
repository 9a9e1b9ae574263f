namespace ExecutionPipeline.Messages.Events;

/// <summary>The reason codes that the pipeline itself gives a command. An operator's are positive.</summary>
public static class CommandReason
{
    /// <summary>The kill switch was latched when the pipeline ended, or its state could not be read.</summary>
    public const int Restart = -1;

    /// <summary>The process was sent the signal for it.</summary>
    public const int ProcessSignal = -2;

    /// <summary>A call of the host's own.</summary>
    public const int Host = -3;
}
