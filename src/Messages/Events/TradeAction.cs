namespace ExecutionPipeline.Messages.Events;

/// <summary>The tactical engine's decision. The values are those of the SBE enum.</summary>
public enum TradeAction : byte
{
    Hold = 0,
    Long = 1,
    Short = 2,
}
