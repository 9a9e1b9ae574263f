using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>The three actors, evaluated by whatever means. Called by one thread at a time.</summary>
public interface IPolicyBackend
{
    /// <summary>What a decision made with this backend's outputs is marked with.</summary>
    DecisionSource Source { get; }

    /// <summary>
    /// Fills all of <paramref name="outputs"/>. Allocates nothing and never throws: a backend that fails writes NaN,
    /// which no consumer takes for an answer.
    /// </summary>
    void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs);
}
