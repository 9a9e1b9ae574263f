using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

/// <summary>Time goes on for the stages when nothing comes in, and a journal holds that.</summary>
[TestFixture]
public sealed class TimerTests
{
    [Test]
    public void ShouldPutTimersOnTheRingWhenNothingComesIn()
    {
        var path = Path.Combine(Path.GetTempPath(), $"xp-timer-{Guid.NewGuid():N}");
        try
        {
            using (var pipeline = new LivePipeline(Topology.Inline, journal: path))
            {
                pipeline.Await(() => pipeline.Host.Ingress.Ticks >= 2);
                pipeline.Host.Stop(TimeSpan.FromSeconds(60));
            }

            using var reader = new JournalReader(path);
            PipelineEvent first = default;
            PipelineEvent second = default;
            Assert.That(reader.TryRead(ref first) && reader.TryRead(ref second));
            Assert.That((first.Header.Kind, second.Header.Kind), Is.EqualTo((EventKind.Timer, EventKind.Timer)));
            Assert.That(second.Payload.Timer.DueTimeNs, Is.EqualTo(first.Payload.Timer.DueTimeNs + 1_000_000_000));
            Assert.That(second.Header.TimeNs, Is.GreaterThanOrEqualTo(second.Payload.Timer.DueTimeNs));
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>An order that nobody answers opens a breaker by the timer alone, and so it does again.</summary>
    [Test]
    public void ShouldGiveTheSameBytesWhenTimersAreReplayed()
    {
        var path = Directory.CreateTempSubdirectory("xp-timer-").FullName;
        try
        {
            var clock = new ManualClock();
            LateVenue venue = null!;
            byte[] outbound;
            using (var pipeline = new MemoryPipeline(
                Topology.Inline,
                (_, reports) => new Pipeline.Hosting.Venue(venue = new LateVenue(reports.OpenQueue())),
                journal: path,
                clock: clock))
            {
                pipeline.StartWithSignals(1);
                Assert.That(venue.Submitted, Is.EqualTo(1));
                for (var second = 1; second <= 10; second++)
                {
                    clock.Advance(1_000_000_000);
                    pipeline.Await(() => pipeline.Host.Ingress.Ticks == second);
                }

                Assert.That(pipeline.Host.Chain.Risk.Responses, Is.Not.EqualTo(BreakerResponses.None));
                venue.Answer();
                pipeline.Host.Stop(TimeSpan.FromSeconds(60));
                outbound = pipeline.Outbound;
            }

            using var reader = new JournalReader(path);
            using var output = new MemoryStream();
            new JournalReplay(LivePipeline.OptionsOf(Topology.Pipelined), TestPipelines.Rules(), new StreamSink(output))
                .Run(reader, CancellationToken.None);
            Assert.That(output.ToArray(), Is.EqualTo(outbound));
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private sealed class ManualClock : IEventClock
    {
        private long _nowNs = NanoClock.NowNs();

        public long NowNs() => Volatile.Read(ref _nowNs);

        public void Advance(long byNs) => Interlocked.Add(ref _nowNs, byNs);
    }
}
