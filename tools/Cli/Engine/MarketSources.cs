using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Cli.Engine;

/// <summary>The market that was asked for: a file, or the generator.</summary>
public static class MarketSources
{
    /// <summary>Opens a market source. The caller disposes of it if it can be disposed of.</summary>
    /// <exception cref="UsageException">The file is not one of order-by-order data.</exception>
    public static IMarketSource Open(string? dataFile, long seed)
    {
        if (dataFile is null)
            return new MarketGenerator(new MarketGeneratorOptions { Seed = (ulong)seed });

        try
        {
            // Before the first trade there are orders but hardly a market.
            return MarketReplay.Open(dataFile, new MarketReplayOptions { StartsAtFirstTrade = true });
        }
        catch (DbnFormatException problem)
        {
            throw new UsageException(problem.Message);
        }
    }

    /// <summary>Finds out whether a file can be played, before anything is started for it.</summary>
    /// <exception cref="UsageException">The file is not one of order-by-order data, or has no market.</exception>
    public static void Check(string? dataFile)
    {
        if (dataFile is null)
            return;

        var source = Open(dataFile, 0);
        using (source as IDisposable)
        {
            var update = default(MarketUpdate);
            try
            {
                if (!source.TryNext(ref update))
                    throw new UsageException($"{dataFile}: there is no market in it");
            }
            catch (DbnFormatException problem)
            {
                throw new UsageException(problem.Message);
            }
        }
    }
}
