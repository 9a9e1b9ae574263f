namespace ExecutionPipeline.Execution.Limits;

/// <summary>How the returns of two instruments move together.</summary>
public sealed class InstrumentCorrelation
{
    /// <summary>One instrument's id.</summary>
    public uint First { get; init; }

    /// <summary>The other's.</summary>
    public uint Second { get; init; }

    /// <summary>[-1, 1].</summary>
    public double Correlation { get; init; }
}
