namespace ExecutionPipeline.Messages.Events;

/// <summary>What latched the kill switch.</summary>
public enum KillCause : byte
{
    None = 0,

    /// <summary>A command: an operator, the API, a process signal. Its reason says more.</summary>
    Command = 1,

    /// <summary>The day's loss reached its cap.</summary>
    LossCap = 2,

    /// <summary>A position beyond the limit is held, which no approved order leads to.</summary>
    PositionBreach = 3,

    /// <summary>Too many orders were refused in too short a time.</summary>
    RefusalBreach = 4,
}
