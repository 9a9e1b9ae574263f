using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.MarketData.Books;

/// <summary>An order in the book.</summary>
internal struct RestingOrder
{
    public long PriceE9;
    public uint Quantity;

    /// <summary>Its level's index among its side's levels.</summary>
    public int Level;

    public MboSide Side;
}
