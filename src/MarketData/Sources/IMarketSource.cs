using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.MarketData.Sources;

/// <summary>One instrument's market, update by update.</summary>
public interface IMarketSource
{
    /// <summary>
    /// The next update; its <see cref="MarketUpdate.ExchangeTimeNs"/> never goes back, and the send time is the same.
    /// False when there are no more.
    /// </summary>
    bool TryNext(ref MarketUpdate update);
}
