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

    /// <summary>Lets a version of the models decide from the next event on.</summary>
    DeployModel = 16,

    /// <summary>Lets a version decide a share of the signals, beside the models that decide the others.</summary>
    CanaryModel = 17,

    /// <summary>Lets the canary decide everything.</summary>
    PromoteModel = 18,

    /// <summary>Ends the canary; where none runs, goes back to the models before these.</summary>
    RollbackModel = 19,
}
