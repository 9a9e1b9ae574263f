namespace ExecutionPipeline.Benchmarks.Paired;

/// <summary>How far apart the two cores were while something was measured.</summary>
internal enum MachineState
{
    Near,
    Middle,
    Far,

    /// <summary>The readings before and after differed, so nothing can be said of what was measured between.</summary>
    Mixed,
}

internal static class MachineStates
{
    private const double NearMaxNs = 90;
    private const double MiddleMaxNs = 300;

    /// <summary>The state in which a raw round trip takes so long.</summary>
    public static MachineState Of(double rawRoundTripNs) => rawRoundTripNs switch
    {
        < NearMaxNs => MachineState.Near,
        < MiddleMaxNs => MachineState.Middle,
        _ => MachineState.Far,
    };
}
