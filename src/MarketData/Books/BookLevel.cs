namespace ExecutionPipeline.MarketData.Books;

/// <summary>All orders at one price of one side.</summary>
/// <param name="PriceE9">In 1e-9.</param>
/// <param name="Quantity">In contracts; 0 when there is no such level.</param>
/// <param name="Orders">How many orders it is of.</param>
public readonly record struct BookLevel(long PriceE9, long Quantity, int Orders)
{
    /// <summary>Whether there is an order.</summary>
    public bool HasOrders => Orders > 0;
}
