using ExecutionPipeline.MarketData.Books;

namespace ExecutionPipeline.MarketData.Tests.Books;

public class NaiveOrderBookTests : OrderBookContract
{
    protected override IOrderBook NewBook() => new NaiveOrderBook();
}
