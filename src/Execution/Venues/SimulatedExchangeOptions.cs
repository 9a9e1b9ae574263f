using ExecutionPipeline.Execution.Calendars;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>How the simulated exchange behaves.</summary>
public sealed class SimulatedExchangeOptions
{
    /// <summary>
    /// How far beyond the touch a market order may trade, in ticks; what is left then expires, as under a venue's
    /// market protection. Default 12.
    /// </summary>
    public int ProtectionTicks { get; init; } = 12;

    /// <summary>The most orders that rest at a time in one instrument; more are rejected. Default 256.</summary>
    public int MaxRestingOrders { get; init; } = 256;

    /// <summary>When day orders expire: at the end of this trading day.</summary>
    public TradingDayOptions TradingDay { get; init; } = new();

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        if (ProtectionTicks is < 0 or > 1_000)
            throw new ArgumentException("simulated exchange: set ProtectionTicks to 0 to 1,000 ticks.");
        if (MaxRestingOrders is < 1 or > 65_536)
            throw new ArgumentException("simulated exchange: set MaxRestingOrders to 1 to 65,536.");
    }
}
