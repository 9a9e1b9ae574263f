namespace ExecutionPipeline.Pipeline.Options;

/// <summary>How many threads run the stages. The stages and their results are the same in each.</summary>
public enum Topology
{
    /// <summary>Pipelined where the process may use 7 processors or more, fused on 3 or more, else inline.</summary>
    Auto,

    /// <summary>One thread polls the inputs, writes the ring and runs the stages on it.</summary>
    Inline,

    /// <summary>An ingress thread, and one thread for all stages.</summary>
    Fused,

    /// <summary>An ingress thread, and a thread for each stage and for the followers.</summary>
    Pipelined,
}
