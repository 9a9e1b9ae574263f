using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Cli.Tests.Engine;

/// <summary>A market of given updates.</summary>
internal sealed class ListSource(params MarketUpdate[] updates) : IMarketSource
{
    private int _next;

    public static MarketUpdate Quote(long timeNs, long bidE9 = 100_000_000_000, long askE9 = 100_250_000_000) => new()
    {
        BidPriceE9 = bidE9,
        AskPriceE9 = askE9,
        BidQuantity = 5,
        AskQuantity = 6,
        BidOrders = 1,
        AskOrders = 2,
        TradePriceE9 = MarketUpdate.NoPrice,
        ExchangeTimeNs = timeNs,
    };

    public static MarketUpdate OneSided(long timeNs) => Quote(timeNs) with
    {
        AskPriceE9 = MarketUpdate.NoPrice,
        AskQuantity = 0,
        AskOrders = 0,
    };

    public MarketCapabilities Capabilities => new(MarketDetail.BestQuotes, 0, HasTrades: true);

    public MarketCounts Counts => default;

    public int CopyDepth(Side side, Span<BookLevel> levels) => 0;

    public bool TryNext(ref MarketUpdate update)
    {
        if (_next == updates.Length)
            return false;

        update = updates[_next++];
        return true;
    }
}
