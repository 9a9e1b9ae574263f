using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Pipeline.Ring;

/// <summary>Puts the steps of the chain on consumer threads.</summary>
internal sealed class RingWiring(
    ValueDisruptor<PipelineEvent> disruptor,
    StageChain chain,
    TradingFault fault,
    ThreadRoster roster,
    IReadOnlyList<int> processors,
    MeasurementPlan measurement)
{
    /// <summary>The ingress thread takes the first processor of the list; the stages take those after it.</summary>
    private int _nextProcessor = 1;

    public void Connect(Topology topology)
    {
        switch (topology)
        {
            case Topology.Inline:
                break;
            case Topology.Fused:
                disruptor.HandleEventsWith(Handler<Steps.All>("stages"));
                break;
            case Topology.Pipelined:
                disruptor.HandleEventsWith(Handler<Steps.Context>("context"))
                    .Then(Handler<Steps.Inference>("inference"))
                    .Then(Handler<Steps.Risk>("risk"))
                    .Then(Handler<Steps.Routing>("routing"))
                    .Then(Handler<Steps.Followers>("followers"));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(topology), topology, "resolve auto first");
        }
    }

    private IValueEventHandler<PipelineEvent> Handler<TStep>(string name)
        where TStep : struct, IStep
    {
        var processor = _nextProcessor < processors.Count ? processors[_nextProcessor] : ThreadRoster.Unpinned;
        _nextProcessor++;
        return measurement.IsMeasuring
            ? new MeasuredHandler<TStep>(name, chain, fault, roster, processor, measurement)
            : new StageHandler<TStep>(name, chain, fault, roster, processor);
    }
}
