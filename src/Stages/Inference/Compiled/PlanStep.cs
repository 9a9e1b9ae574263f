namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>
/// One fused operation of a compiled graph, over memory that all steps of a plan share. Steps know where their operands
/// are; a step whose level is lower than another's never reads what that one writes.
/// </summary>
internal abstract class PlanStep
{
    /// <param name="floats">Where weights and values begin.</param>
    /// <param name="masks">Where the masks of rows that may not be 0 begin.</param>
    public abstract void Run(ref float floats, ref ulong masks);
}
