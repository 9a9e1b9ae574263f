using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Recording;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

/// <summary>Time goes on for the stages when nothing comes in, and a recording holds that.</summary>
[TestFixture]
public sealed class TimerTests
{
    [Test]
    public void ShouldPutTimersOnTheRingWhenNothingComesIn()
    {
        var path = Path.Combine(Path.GetTempPath(), $"xp-timer-{Environment.ProcessId}.input");
        try
        {
            using (var pipeline = new LivePipeline(Topology.Inline, recordPath: path))
            {
                pipeline.Await(() => pipeline.Host.Ingress.Ticks >= 2);
                pipeline.Host.Stop(TimeSpan.FromSeconds(30));
            }

            using var reader = new InputReader(path);
            PipelineEvent first = default;
            PipelineEvent second = default;
            Assert.That(reader.TryRead(ref first) && reader.TryRead(ref second));
            Assert.That((first.Header.Kind, second.Header.Kind), Is.EqualTo((EventKind.Timer, EventKind.Timer)));
            Assert.That(second.Payload.Timer.DueTimeNs, Is.EqualTo(first.Header.TimeNs + 1_000_000_000));
            Assert.That(second.Header.TimeNs, Is.GreaterThanOrEqualTo(second.Payload.Timer.DueTimeNs));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
