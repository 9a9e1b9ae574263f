using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Tests.Context;

/// <summary>Markets as bad as they come: one-sided, empty, crossed, without volume, with silences over days.</summary>
internal static class RandomMarket
{
    /// <summary>Bursts within a second, steady seconds, and silences longer than every window.</summary>
    public static long StepNs(Random random) => random.Next(100) switch
    {
        0 => random.NextInt64(80 * 3_600 * StageRig.E9),
        < 6 => random.Next(30, 200) * StageRig.E9,
        _ => random.NextInt64(3 * StageRig.E9),
    };

    public static MarketUpdate Next(Random random)
    {
        var bid = 4_000 + random.Next(-40, 40) * 0.25;
        var update = new MarketUpdate
        {
            BidPriceE9 = StageRig.Price(bid),
            BidQuantity = random.Next(1, 50),
            AskPriceE9 = StageRig.Price(bid + random.Next(-1, 4) * 0.25),
            AskQuantity = random.Next(1, 50),
            TradePriceE9 = MarketUpdate.NoPrice,
        };
        if (random.Next(8) == 0)
            (update.BidPriceE9, update.BidQuantity) = (MarketUpdate.NoPrice, 0);
        if (random.Next(8) == 0)
            (update.AskPriceE9, update.AskQuantity) = (MarketUpdate.NoPrice, 0);
        if (random.Next(2) == 0)
            (update.TradePriceE9, update.TradeQuantity) = (StageRig.Price(bid), random.Next(1, 20));

        return update;
    }
}
