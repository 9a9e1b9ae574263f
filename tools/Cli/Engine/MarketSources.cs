using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;

namespace ExecutionPipeline.Cli.Engine;

/// <summary>The market that was asked for: a file, or the generator.</summary>
public static class MarketSources
{
    /// <summary>Opens a market source. The caller disposes of it if it can be disposed of.</summary>
    /// <exception cref="InvalidDataException">The file is not one of order-by-order data.</exception>
    public static IMarketSource Open(string? dataFile, long seed)
    {
        if (dataFile is null)
            return new MarketGenerator(new MarketGeneratorOptions { Seed = (ulong)seed });

        try
        {
            return MarketReplay.Open(dataFile);
        }
        catch (DbnFormatException problem)
        {
            throw new InvalidDataException(problem.Message, problem);
        }
    }
}
