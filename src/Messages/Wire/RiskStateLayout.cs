namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// Where the fields of RISK_STATE are in its block, in bytes. The schema says the same; a test compares them.
/// </summary>
public static class RiskStateLayout
{
    public const ushort TemplateId = 107;

    /// <summary>Bytes of the block in schema version 2, which brought the message.</summary>
    public const int BlockLength = 48;

    public const int TimeNsOffset = 0;
    public const int CorrelationIdOffset = 8;
    public const int DailyDrawdownOffset = 16;
    public const int InstrumentIdOffset = 24;
    public const int ReasonOffset = 28;
    public const int KillSwitchOffset = 32;
    public const int KillCauseOffset = 33;
    public const int ChangesOffset = 34;
    public const int ResponsesOffset = 35;
    public const int VolatilityRegimeOffset = 36;
    public const int MarketRegimeOffset = 37;
    public const int VolatilityBreakerOffset = 38;
    public const int FailureBreakerOffset = 39;
    public const int VenueBreakerOffset = 40;
    public const int LoadBreakerOffset = 41;
    public const int AnswerBreakerOffset = 42;
}
