using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

/// <summary>What becomes of the ring's time when somebody sets the system's.</summary>
[TestFixture(30)]
[TestFixture(-30)]
[TestFixture(3600)]
[TestFixture(-3600)]
public sealed class WallClockTests(int stepSeconds)
{
    private const int Signals = 20;
    private const long LongestNs = 25_000_000_000;

    [Test]
    public void ShouldKnowTheAgeOfASignalWhenTheWallClockWasStepped()
    {
        var path = Directory.CreateTempSubdirectory("xp-wall-").FullName;
        try
        {
            var clock = new SteppedClock(stepSeconds * 1_000_000_000L);
            using (var pipeline = new LivePipeline(Topology.Inline, journal: path, clock: clock))
            {
                for (ulong id = 1; id <= Signals; id++)
                    pipeline.SendSignal(id);

                pipeline.Await(() => pipeline.Host.Chain.Telemetry.SignalsSeen == Signals);
            }

            var ages = ReadAges(path);
            Assert.That(ages, Has.Count.EqualTo(Signals));
            Assert.That(ages, Is.All.InRange(0, LongestNs));
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static List<long> ReadAges(string path)
    {
        using var input = new JournalReader(path);
        var ages = new List<long>();
        var e = default(PipelineEvent);
        while (input.TryRead(ref e))
        {
            if (e.Header.Kind != EventKind.TradeQualified)
                continue;

            Assert.That(e.Payload.TradeQualified.IntendedSendTimeNs, Is.EqualTo(e.Payload.TradeQualified.SendTimeNs));
            ages.Add(e.Header.TimeNs - e.Payload.TradeQualified.SendTimeNs);
        }

        return ages;
    }

    /// <summary>Has not followed the system's time.</summary>
    private sealed class SteppedClock(long aheadNs) : IEventClock
    {
        private readonly SystemEventClock _system = new();

        public long NowNs() => _system.NowNs() - aheadNs;

        public long WallAheadNs() => aheadNs;
    }
}
