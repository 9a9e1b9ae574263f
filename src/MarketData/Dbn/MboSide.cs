namespace ExecutionPipeline.MarketData.Dbn;

/// <summary>The side of an order, or the aggressor's in a trade. The values are the characters that DBN has.</summary>
public enum MboSide : byte
{
    Ask = (byte)'A',
    Bid = (byte)'B',
    None = (byte)'N',
}
