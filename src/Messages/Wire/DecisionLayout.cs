namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// Where the fields of DECISION are in its block, in bytes. The schema says the same; a test compares them.
/// </summary>
public static class DecisionLayout
{
    public const ushort TemplateId = 105;

    /// <summary>
    /// Bytes of the block; schema versions before 3 end with the arrival price, version 3 with the lateness.
    /// </summary>
    public const int BlockLength = 232;

    public const int TimeNsOffset = 0;
    public const int SignalIdOffset = 8;
    public const int OrderIdOffset = 16;
    public const int InstrumentIdOffset = 24;
    public const int RiskViolationsOffset = 28;
    public const int QuantityOffset = 32;
    public const int ApprovedQuantityOffset = 36;
    public const int ProjectedPositionOffset = 40;
    public const int TradesTodayOffset = 44;
    public const int ActionOffset = 48;
    public const int SideOffset = 49;
    public const int StrategyOffset = 50;
    public const int SourceOffset = 51;
    public const int OutcomeOffset = 52;
    public const int SizeActionOffset = 53;
    public const int KillSwitchOffset = 54;
    public const int ReducingOffset = 55;
    public const int FeaturesOffset = 56;
    public const int SizeProbabilitiesOffset = 116;
    public const int StrategyProbabilitiesOffset = 136;
    public const int StopLossAtrOffset = 152;
    public const int TakeProfitAtrOffset = 156;
    public const int ProjectedNotionalOffset = 160;
    public const int ProjectedVarOffset = 168;
    public const int DailyDrawdownOffset = 176;
    public const int StopPriceOffset = 184;
    public const int TargetPriceOffset = 192;
    public const int ArrivalPriceOffset = 200;
    public const int SizeCutsOffset = 208;
    public const int LatenessOffset = 209;
    public const int ModelVersionOffset = 216;
    public const int CanaryOffset = 224;

    public const int FeaturesCount = 15;
    public const int SizeProbabilitiesCount = 5;
    public const int StrategyProbabilitiesCount = 4;
}
