using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Pipeline.Ring;

/// <summary>Runs one step of the chain on a consumer thread of the ring, pinned where that is asked for.</summary>
internal sealed class StageHandler<TStep>(string name, StageChain chain, ThreadRoster roster, int processor)
    : IValueEventHandler<PipelineEvent>
    where TStep : struct, IStep
{
    private HotThread? _thread;

    public void OnStart() => _thread = roster.Enlist(name, processor);

    public void OnEvent(ref PipelineEvent data, long sequence, bool endOfBatch)
    {
        TStep.Run(chain, ref data);
        if (data.Header.Flags != EventFlags.None)
            _thread!.OnMark(data.Header.Flags);
    }

    public void OnShutdown() => _thread!.Close();
}
