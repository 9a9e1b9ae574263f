namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// Where the fields of MARKET_UPDATE are in its block, in bytes. The schema says the same; a test compares them.
/// </summary>
public static class MarketUpdateLayout
{
    public const ushort TemplateId = 2;

    /// <summary>Bytes of the block in schema version 1: the least that a message of this template has.</summary>
    public const int BlockLength = 72;

    public const int InstrumentIdOffset = 0;
    public const int AggressorOffset = 4;
    public const int BidPriceOffset = 8;
    public const int AskPriceOffset = 16;
    public const int BidQuantityOffset = 24;
    public const int AskQuantityOffset = 28;
    public const int BidOrdersOffset = 32;
    public const int AskOrdersOffset = 36;
    public const int TradePriceOffset = 40;
    public const int TradeQuantityOffset = 48;
    public const int ExchangeTimeNsOffset = 56;
    public const int SendTimeNsOffset = 64;
}
