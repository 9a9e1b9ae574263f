namespace ExecutionPipeline.Messages.Events;

/// <summary>An operator's command. The values are those of the SBE enum.</summary>
public enum CommandKind : byte
{
    /// <summary>
    /// Latches the kill switch until <see cref="Resume"/> and cancels every working order: only orders that take risk
    /// off pass.
    /// </summary>
    Kill = 1,

    /// <summary>Releases the kill switch. Must give a reason other than 0.</summary>
    Resume = 2,

    /// <summary>Cancels every working order of the instrument.</summary>
    CancelAll = 3,

    /// <summary>Cancels every working order of the instrument and closes its position at the market.</summary>
    CloseAll = 4,
}
