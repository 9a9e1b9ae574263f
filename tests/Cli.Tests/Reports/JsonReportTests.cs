using System.Text.Json;
using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Tests.Reports;

public sealed class JsonReportTests
{
    private static readonly string[] FirstKeys =
    [
        "events_sent", "events_processed", "events_lost", "orders", "fills", "rejected", "latency_ns",
        "platform_hiccup_ns", "throughput_eps", "allocated_bytes_per_event", "gc_collections", "topology", "driver",
        "inference_backend", "cpu_set", "machine",
    ];

    [Test]
    public void ShouldBeginWithTheDocumentedKeysWhenWritten()
    {
        using var json = JsonDocument.Parse(JsonReport.Text(Samples.Report()));

        var keys = json.RootElement.EnumerateObject().Select(property => property.Name).Take(FirstKeys.Length);
        Assert.That(keys, Is.EqualTo(FirstKeys));
    }

    [Test]
    public void ShouldNameEveryStageAndPercentileWhenWritten()
    {
        using var json = JsonDocument.Parse(JsonReport.Text(Samples.Report()));

        var latency = json.RootElement.GetProperty("latency_ns");
        string[] stages = ["end_to_end", "transport", "ring", "context", "inference", "risk", "routing", "sender"];
        Assert.That(latency.EnumerateObject().Select(stage => stage.Name), Is.EqualTo(stages));
        foreach (var stage in latency.EnumerateObject())
        {
            foreach (var key in (string[])["p50", "p90", "p99", "p99_9", "p99_99", "max"])
                Assert.That(stage.Value.GetProperty(key).GetInt64(), Is.Positive, $"{stage.Name} {key}");
        }

        Assert.That(latency.GetProperty("inference").GetProperty("p50").GetInt64(), Is.EqualTo(12_640));
    }

    [Test]
    public void ShouldReadTheSameEngineReportWhenItsLineIsRead()
    {
        var line = JsonReport.Line(Samples.Engine());

        Assert.That(line, Does.Not.Contain('\n'));
        Assert.That(JsonReport.TryReadEngine(line, out var read), Is.True);
        Assert.That(JsonReport.Line(read!), Is.EqualTo(line));
        Assert.That(read!.SentMalformed["nan_price"], Is.EqualTo(6));
    }

    [TestCase("")]
    [TestCase("nonsense")]
    [TestCase("null")]
    [TestCase("""{"sent_measured":"many"}""")]
    [TestCase("""{"sent_measured":1}""", Description = "without its ending")]
    public void ShouldReadNothingWhenLineIsNoReport(string line)
    {
        Assert.That(JsonReport.TryReadEngine(line, out _), Is.False);
    }

    [Test]
    public void ShouldReplaceTheFileWhenThereIsOne()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "sample-report.json");
        File.WriteAllText(path, new string('x', 100_000));

        JsonReport.Write(path, Samples.Report());

        using var json = JsonDocument.Parse(File.ReadAllText(path));
        Assert.That(json.RootElement.GetProperty("orders").GetInt64(), Is.EqualTo(112_345));
    }
}
