namespace ExecutionPipeline.Pipeline.Options;

/// <summary>What <see cref="Topology.Auto"/> means on a machine.</summary>
public static class TopologyChoice
{
    /// <summary>
    /// Ingress, four stages and the followers, each with a processor, and one left for the tactical engine.
    /// </summary>
    public const int PipelinedProcessors = 7;

    /// <summary>Ingress, the stages, and one processor left for the tactical engine.</summary>
    public const int FusedProcessors = 3;

    /// <summary>The topology that runs: <paramref name="wanted"/> unless it is auto.</summary>
    public static Topology Resolve(Topology wanted, int processors) => wanted switch
    {
        not Topology.Auto => wanted,
        _ when processors >= PipelinedProcessors => Topology.Pipelined,
        _ when processors >= FusedProcessors => Topology.Fused,
        _ => Topology.Inline,
    };
}
