using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Ring;

/// <summary>The parts of the chain that a thread can be given.</summary>
internal static class Steps
{
    internal readonly struct Context : IStep
    {
        public static void Run(StageChain chain, ref PipelineEvent e) => chain.BuildContext(ref e);
    }

    internal readonly struct Inference : IStep
    {
        public static void Run(StageChain chain, ref PipelineEvent e) => chain.InferApart(ref e);
    }

    internal readonly struct Risk : IStep
    {
        public static void Run(StageChain chain, ref PipelineEvent e) => chain.CheckRisk(ref e);
    }

    internal readonly struct Routing : IStep
    {
        public static void Run(StageChain chain, ref PipelineEvent e) => chain.Route(ref e);
    }

    internal readonly struct Followers : IStep
    {
        public static void Run(StageChain chain, ref PipelineEvent e) => chain.Follow(ref e);
    }

    internal readonly struct All : IStep
    {
        public static void Run(StageChain chain, ref PipelineEvent e) => chain.Run(ref e);
    }
}
