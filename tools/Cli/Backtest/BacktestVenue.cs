using System.Globalization;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Replay;

namespace ExecutionPipeline.Cli.Backtest;

/// <summary>What a backtest's orders trade with.</summary>
public enum BacktestVenue
{
    /// <summary>The simulated exchange, which knows the best bid and offer.</summary>
    Touch,

    /// <summary>The recorded orders: places in their queues are exact. Needs data of schema mbo.</summary>
    Orders,
}

/// <summary>How resting orders are filled at the venue of recorded orders.</summary>
public enum FillChoice
{
    /// <summary>By the place in the queue.</summary>
    Queue,

    /// <summary>By a share of each trade at the price, as the data have it.</summary>
    Fraction,

    /// <summary>By a probability for each trade at the price, as the data have it.</summary>
    Hazard,

    /// <summary>Only when the market trades through the price or comes to it.</summary>
    Adverse,
}

/// <summary>The venue of a backtest and the way to it.</summary>
public sealed record BacktestVenueOptions
{
    public BacktestVenue Kind { get; init; }

    /// <summary>Of the venue of recorded orders. Default: the place in the queue.</summary>
    public ReplayVenueOptions Fill { get; init; } = new() { MaxRestingOrders = MaxRestingOrders };

    /// <summary>Default: 250 to 300 us each way.</summary>
    public VenueLatencyOptions Latency { get; init; } = new();

    /// <summary>Own orders that can rest among the recorded ones.</summary>
    public const int MaxRestingOrders = 16_384;
}

/// <summary>Reads a latency such as 250:50.</summary>
internal static class LatencyReader
{
    private const long MostUs = 60_000_000;
    private const long UsNs = 1_000;

    public static ValueReader<VenueLatencyOptions> Reader { get; } =
        new("unit: us to the venue, and as much back; behind a colon the most that is added at random", Read);

    private static ReadValue<VenueLatencyOptions> Read(string text)
    {
        var parts = text.Split(':');
        var numbers = new long[2];
        for (var i = 0; i < parts.Length; i++)
        {
            if (i == numbers.Length
                || !long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])
                || numbers[i] > MostUs)
            {
                return ReadValue<VenueLatencyOptions>.Not(
                    $"'{text}' is no latency: 0 to {MostUs} us, or two such numbers with a colon between them");
            }
        }

        return ReadValue<VenueLatencyOptions>.Of(
            new VenueLatencyOptions { LatencyNs = numbers[0] * UsNs, JitterNs = numbers[1] * UsNs });
    }
}
