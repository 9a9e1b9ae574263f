using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Ring;

/// <summary>
/// Names a part of the chain at compile time, so that a handler made for it is compiled for it alone and calls it
/// directly.
/// </summary>
internal interface IStep
{
    static abstract void Run(StageChain chain, ref PipelineEvent e);
}
