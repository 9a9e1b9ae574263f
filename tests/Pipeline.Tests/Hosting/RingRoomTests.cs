using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

/// <summary>A command for all instruments is an event for each of them: the ring must have room for that.</summary>
[TestFixture]
public sealed class RingRoomTests
{
    private const int Commands = 100;

    [Test]
    public void ShouldTakeEveryCommandWhenABurstComes()
    {
        using var pipeline = new LivePipeline(Topology.Fused, change: static options => WithInstruments(options, 128));
        for (var i = 0; i < Commands; i++)
            pipeline.SendCommand(CommandKind.CancelAll);

        var routing = pipeline.Host.Chain.Routing;
        pipeline.Await(
            () => pipeline.Host.Fault != null
                || routing.CountOf(RoutingOutcome.NothingToDo) == Commands * InstrumentTable.MaxCount);
        Assert.That(pipeline.Host.Fault, Is.Null);
    }

    [Test]
    public void ShouldRefuseARingThatACommandForAllDoesNotFitIn() => Assert.That(
        static () => new StageAssembly(WithInstruments(TestPipelines.Options(Topology.Inline), 64)),
        Throws.ArgumentException.With.Message.Contains("ring size is 64"));

    private static PipelineOptions WithInstruments(PipelineOptions options, int ringSize) => options with
    {
        Ring = new RingOptions { Topology = options.Ring.Topology, Size = ringSize, Wait = WaitMode.Block },
        Correlations = [],
        Instruments =
        [
            .. Enumerable.Range(1, InstrumentTable.MaxCount)
                .Select(static i => new InstrumentOptions { Id = (uint)i, Symbol = $"I{i}" }),
        ],
    };
}
