namespace ExecutionPipeline.Benchmarks.Paired;

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
