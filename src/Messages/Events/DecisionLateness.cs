namespace ExecutionPipeline.Messages.Events;

/// <summary>Why a signal was not left to the models. The values are those of the SBE enum.</summary>
public enum DecisionLateness : byte
{
    None = 0,

    /// <summary>It was older than the decision deadline when its turn came.</summary>
    AgedEvent = 1,

    /// <summary>The backend was slow when it was taken in.</summary>
    SlowBackend = 2,
}
