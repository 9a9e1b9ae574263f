namespace ExecutionPipeline.Execution.Limits;

/// <summary>An instrument's past, for the historical expected shortfall.</summary>
public sealed class InstrumentReturns
{
    /// <summary>The instrument's id.</summary>
    public uint Instrument { get; init; }

    /// <summary>
    /// Returns of past days as fractions, such as -0.012; the same days in the same order for every instrument.
    /// </summary>
    public IReadOnlyList<double> DailyReturns { get; init; } = [];
}
