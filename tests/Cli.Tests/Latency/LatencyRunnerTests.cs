using System.Text.Json;
using ExecutionPipeline.Cli.Latency;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Tests.Latency;

public sealed class LatencyRunnerTests
{
    [Test]
    public async Task ShouldMeasureEveryStageWithoutAllocationWhenAllAreAskedFor()
    {
        var json = Path.Combine(Directory.CreateTempSubdirectory("xp-latency-").FullName, "latency.json");
        try
        {
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });
            var options = new LatencyOptions
            {
                Iterations = 640,
                ModelsDirectory = RepositoryFiles.PathOf("models-onnx"),
                JsonFile = json,
            };

            Assert.That(await LatencyRunner.RunAsync(options, console, CancellationToken.None), Is.Zero);

            using var report = JsonDocument.Parse(await File.ReadAllTextAsync(json));
            var subjects = report.RootElement.GetProperty("subjects").EnumerateArray().ToList();
            Assert.That(subjects.Select(static subject => subject.GetProperty("name").GetString()), Is.EqualTo(new[]
            {
                "context_market", "context_signal", "risk", "ring", "inference_onnxruntime", "inference_compiled",
                "context_market_cold", "context_signal_cold", "risk_cold", "inference_onnxruntime_cold",
                "inference_compiled_cold",
            }));
            Assert.That(subjects.Select(static s => s.GetProperty("latency_ns").GetProperty("count").GetInt64()),
                Is.EqualTo(Enumerable.Repeat(640L, 6).Concat(Enumerable.Repeat(3L, 5))));
            Assert.That(subjects.Select(static s => s.GetProperty("allocated_bytes_per_event").GetDouble()),
                Is.All.Zero);
            Assert.That(report.RootElement.GetProperty("onnx_runtime_over_compiled").GetDouble(), Is.Positive);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(json)!, recursive: true);
        }
    }
}
