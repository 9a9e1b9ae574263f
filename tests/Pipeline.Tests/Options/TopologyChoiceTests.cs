using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Tests.Options;

[TestFixture]
public sealed class TopologyChoiceTests
{
    [TestCase(1, Topology.Inline)]
    [TestCase(2, Topology.Inline)]
    [TestCase(3, Topology.Fused)]
    [TestCase(6, Topology.Fused)]
    [TestCase(7, Topology.Pipelined)]
    public void ShouldGoByTheProcessorsWhenAuto(int processors, Topology expected) =>
        Assert.That(TopologyChoice.Resolve(Topology.Auto, processors), Is.EqualTo(expected));

    [Test]
    public void ShouldKeepWhatWasAskedFor() =>
        Assert.That(TopologyChoice.Resolve(Topology.Pipelined, 1), Is.EqualTo(Topology.Pipelined));
}
