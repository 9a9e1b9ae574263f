using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Journal;

[TestFixture]
public sealed class ReplayTests
{
    private const int Events = 20_000;

    private string _path = "";
    private byte[] _recorded = [];
    private long _orders;
    private long _late;
    private long _guarded;

    [OneTimeSetUp]
    public void Record()
    {
        var seed = TestSeed.Next();
        _path = Path.Combine(Path.GetTempPath(), $"xp-replay-{Guid.NewGuid():N}-{seed}");
        var options = TestPipelines.Options(Topology.Inline);
        using var run = new JournalledRun(_path, options, new SeededInput(seed, options.Instruments.Count));
        _recorded = run.Run(Events);
        _orders = run.Chain.Routing.OrdersSent;
        _late = run.Chain.Inference.Late;
        _guarded = run.Chain.Inference.Guarded;
    }

    [OneTimeTearDown]
    public void RemoveRecording() => Directory.Delete(_path, recursive: true);

    [Test]
    public void ShouldHaveSomethingToCompare()
    {
        Assert.That(_orders, Is.GreaterThan(Events / 20));
        Assert.That(_recorded, Has.Length.GreaterThan(Events * 50));
        Assert.That(_late, Is.GreaterThan(Events / 20));
        Assert.That(_guarded, Is.GreaterThan(Events / 20));
    }

    [TestCase(Topology.Inline)]
    [TestCase(Topology.Fused)]
    [TestCase(Topology.Pipelined)]
    public void ShouldGiveTheRecordedBytesWhenReplayed(Topology topology)
    {
        var replayed = Replay(topology, out var replay);

        Assert.That(replay.Topology, Is.EqualTo(topology));
        Assert.That(
            replayed.AsSpan().SequenceEqual(_recorded), $"{replayed.Length} and {_recorded.Length} bytes differ");
    }

    [Test]
    public void ShouldGiveOtherBytesWhenOneInputDiffers() => Assert.That(
        ReplayChanged(EventKind.TradeQualified, static (ref e) => e.Payload.TradeQualified.Confidence = 0.123),
        Is.Not.EqualTo(_recorded));

    [Test]
    public void ShouldRefuseARecordedEventThatTheEdgeWouldRefuse()
    {
        AssertRefused(
            EventKind.TradeQualified, static (ref e) => e.Payload.TradeQualified.Confidence = double.NaN, "Confidence");
        AssertRefused(
            EventKind.TradeQualified, static (ref e) => e.Payload.TradeQualified.Equity = double.MaxValue, "Equity");
        AssertRefused(
            EventKind.TradeQualified, static (ref e) => e.Payload.TradeQualified.PriceE9 = long.MaxValue, "Price");
        AssertRefused(EventKind.TradeQualified, static (ref e) => e.Header.InstrumentIndex = 99, "InstrumentId");
        AssertRefused(EventKind.MarketUpdate, static (ref e) => e.Payload.MarketUpdate.BidPriceE9++, "BidPrice");
        AssertRefused(EventKind.MarketUpdate, static (ref e) => e.Payload.MarketUpdate.AskQuantity = -1, "AskQuantity");
        AssertRefused(
            EventKind.ExecutionReport, static (ref e) => e.Payload.ExecutionReport.Side = (Side)9, "UnknownSide");
        AssertRefused(EventKind.MarketUpdate, static (ref e) => e.Header.TimeNs = 1, "earlier");
        AssertRefused(EventKind.MarketUpdate, static (ref e) => e.Header.Kind = (EventKind)99, "UnknownTemplate");
    }

    [Test]
    public void ShouldKeepTheConfigurationsHash()
    {
        using var reader = new JournalReader(_path);

        Assert.That(
            reader.Configuration.ToString(),
            Is.EqualTo(PipelineConfiguration.HashOf(TestPipelines.Options(Topology.Pipelined)).ToString()));
    }

    private byte[] Replay(Topology topology, out JournalReplay replay)
    {
        using var reader = new JournalReader(_path);
        using var output = new MemoryStream();
        replay = new JournalReplay(TestPipelines.Options(topology), TestPipelines.Rules(), new StreamSink(output));
        replay.Run(reader, CancellationToken.None);
        Assert.That(replay.Count, Is.EqualTo(reader.Count));
        return output.ToArray();
    }

    private void AssertRefused(EventKind kind, Change change, string named) => Assert.That(
        () => ReplayChanged(kind, change), Throws.TypeOf<InvalidDataException>().With.Message.Contains(named));

    /// <summary>The recording again with one event of a kind changed, not the first, and well sealed.</summary>
    private byte[] ReplayChanged(EventKind kind, Change change)
    {
        var changed = _path + ".changed";
        try
        {
            Rerecord(changed, kind, change);
            using var reader = new JournalReader(changed);
            using var output = new MemoryStream();
            new JournalReplay(TestPipelines.Options(Topology.Inline), TestPipelines.Rules(), new StreamSink(output))
                .Run(reader, CancellationToken.None);
            return output.ToArray();
        }
        finally
        {
            Directory.Delete(changed, recursive: true);
        }
    }

    private void Rerecord(string path, EventKind kind, Change change)
    {
        using var reader = new JournalReader(_path);
        var hash = reader.Configuration;
        using var journal = new EventJournal(path, new JournalOptions { SegmentMb = 16 }, in hash);
        var e = default(PipelineEvent);
        var seen = 0;
        while (reader.TryRead(ref e))
        {
            if (e.Header.Kind == kind && ++seen == 2)
                change(ref e);
            journal.Append(in e);
        }
    }

    private delegate void Change(ref PipelineEvent e);
}
