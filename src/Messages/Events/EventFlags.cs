namespace ExecutionPipeline.Messages.Events;

/// <summary>Marks on a ring event that concern the run, not the trade.</summary>
[Flags]
public enum EventFlags : byte
{
    None = 0,

    /// <summary>The first measured event: every hot thread starts its allocation account on it.</summary>
    MeasurementStart = 1,

    /// <summary>The last measured event: every hot thread closes its allocation account on it.</summary>
    MeasurementEnd = 2,
}
