using System.Text;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Tests.Options;

[TestFixture]
public sealed class PipelineConfigurationTests
{
    private const string Smallest = """{ "instruments": [ { "id": 1, "symbol": "ES" } ] }""";

    [Test]
    public void ShouldTakeTheDefaultsWhenNothingElseIsSaid()
    {
        var options = Parse(Smallest);

        Assert.That(options.Limits.MaxPosition, Is.EqualTo(10));
        Assert.That(options.Limits.MaxNotional, Is.EqualTo(500_000m));
        Assert.That(options.Limits.MaxDailyVar, Is.EqualTo(5_000));
        Assert.That(options.Ring.Topology, Is.EqualTo(Topology.Auto));
        Assert.That(() => new StageAssembly(options), Throws.Nothing);
    }

    [TestCase("""{ "limits": { "max_positon": 3 } }""", "$.limits.max_positon")]
    [TestCase("""{ "ring": { "topology": "diagonal" } }""", "$.ring.topology")]
    [TestCase("""{ "ring": { "topology": 1 } }""", "$.ring.topology")]
    [TestCase("""{ "limits": { "max_position": "three" } }""", "$.limits.max_position")]
    [TestCase("""{ "limits": null }""", "limits")]
    [TestCase("""{ "limits": { """, "line 1")]
    [TestCase("null", "null")]
    public void ShouldNameWhatIsWrong(string json, string expected) => Assert.That(
        () => Parse(json), Throws.TypeOf<InvalidDataException>().With.Message.Contains(expected));

    [TestCase("""{ "ring": { "size": 1000 }, "instruments": [ { "id": 1, "symbol": "ES" } ] }""", "power of two")]
    [TestCase("""{ "instruments": [] }""", "instruments")]
    [TestCase("""{ "streams": { "market_stream": 1001 }, "instruments": [ { "id": 1, "symbol": "ES" } ] }""", "stream")]
    public void ShouldRefuseValuesThatCannotBeUsed(string json, string expected)
    {
        var options = Parse(json);

        Assert.That(() => new StageAssembly(options), Throws.ArgumentException.With.Message.Contains(expected));
    }

    [Test]
    public void ShouldHashWhatDeterminesTheOutputsAlone()
    {
        var options = Parse(Smallest);
        var otherRing = options with { Ring = new RingOptions { Size = 4096, Topology = Topology.Fused } };
        var otherLimit = Parse("""
            { "limits": { "max_position": 11 }, "instruments": [ { "id": 1, "symbol": "ES" } ] }
            """);

        var hash = PipelineConfiguration.HashOf(options).ToString();
        Assert.That(PipelineConfiguration.HashOf(otherRing).ToString(), Is.EqualTo(hash));
        Assert.That(PipelineConfiguration.HashOf(otherLimit).ToString(), Is.Not.EqualTo(hash));
    }

    private static PipelineOptions Parse(string json) => PipelineConfiguration.Parse(Encoding.UTF8.GetBytes(json));
}
