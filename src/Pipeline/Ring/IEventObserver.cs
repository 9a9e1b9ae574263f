using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Pipeline.Ring;

/// <summary>Is shown every event once all stages have handled it.</summary>
public interface IEventObserver
{
    /// <summary>An event was handled.</summary>
    /// <param name="e">With what each stage has written. Valid for the call alone.</param>
    /// <param name="actions">Holds what routing did beside the event's own order. Valid for the call alone.</param>
    void OnHandled(ref readonly PipelineEvent e, ActionLog actions);
}
