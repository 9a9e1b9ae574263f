namespace ExecutionPipeline.Cli.Demo;

/// <summary>How the stages are spread over threads. The results are the same.</summary>
public enum Topology
{
    /// <summary>By the processors there are.</summary>
    Auto,

    /// <summary>One thread polls the inputs, writes the ring and runs the stages.</summary>
    Inline,

    /// <summary>An ingress thread and one thread for all stages.</summary>
    Fused,

    /// <summary>A thread a stage.</summary>
    Pipelined,
}
