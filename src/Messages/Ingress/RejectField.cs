namespace ExecutionPipeline.Messages.Ingress;

/// <summary>
/// The field that kept a message from passing the edge. The values are the field ids of the schema; those below 10 are
/// the message header's.
/// </summary>
public enum RejectField : ushort
{
    /// <summary>No single field is to blame.</summary>
    None = 0,

    BlockLength = 1,
    TemplateId = 2,
    SchemaId = 3,
    Version = 4,

    SignalId = 10,
    InstrumentId = 11,
    Action = 12,
    Confidence = 13,
    SynergyStrength = 14,
    Urgency = 15,
    Price = 16,
    BidAskSpread = 17,
    BookDepth = 18,
    VolumeIntensity = 19,
    Volatility = 20,
    Atr = 21,
    Position = 22,
    AvailableMargin = 23,
    Equity = 24,
    UnrealizedPnl = 25,
    Drawdown = 26,
    SignalTimeNs = 27,
    IntendedSendTimeNs = 28,
    SendTimeNs = 29,
    Aggressor = 30,
    BidPrice = 31,
    AskPrice = 32,
    BidQuantity = 33,
    AskQuantity = 34,
    BidOrders = 35,
    AskOrders = 36,
    TradePrice = 37,
    TradeQuantity = 38,
    ExchangeTimeNs = 39,
    CommandId = 40,
    Kind = 41,
    Reason = 42,
    ModelPrefix = 43,
    CanaryShareBps = 44,
}
