using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Recording;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Recording;

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
        _path = Path.Combine(Path.GetTempPath(), $"xp-replay-{Environment.ProcessId}-{seed}.input");
        var options = TestPipelines.Options(Topology.Inline);
        using var run = new RecordedRun(_path, options, new SeededInput(seed, options.Instruments.Count));
        _recorded = run.Run(Events);
        _orders = run.Chain.Routing.OrdersSent;
        _late = run.Chain.Inference.Late;
        _guarded = run.Chain.Inference.Guarded;
    }

    [OneTimeTearDown]
    public void RemoveRecording() => File.Delete(_path);

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
    public void ShouldGiveOtherBytesWhenOneInputDiffers()
    {
        var bytes = File.ReadAllBytes(_path);
        var confidenceOffset = FirstSignalOffset(bytes) + EventHeader.SizeBytes + 16;
        BitConverter.TryWriteBytes(bytes.AsSpan(confidenceOffset), 0.123);
        var changed = _path + ".changed";
        File.WriteAllBytes(changed, bytes);
        try
        {
            using var reader = new InputReader(changed);
            using var output = new MemoryStream();
            new InputReplay(TestPipelines.Options(Topology.Inline), TestPipelines.Rules(), new StreamSink(output))
                .Run(reader, CancellationToken.None);

            Assert.That(output.ToArray().AsSpan().SequenceEqual(_recorded), Is.False);
        }
        finally
        {
            File.Delete(changed);
        }
    }

    [Test]
    public void ShouldKeepTheConfigurationsHash()
    {
        using var reader = new InputReader(_path);

        Assert.That(
            reader.Configuration.ToString(),
            Is.EqualTo(PipelineConfiguration.HashOf(TestPipelines.Options(Topology.Pipelined)).ToString()));
    }

    private byte[] Replay(Topology topology, out InputReplay replay)
    {
        using var reader = new InputReader(_path);
        using var output = new MemoryStream();
        replay = new InputReplay(TestPipelines.Options(topology), TestPipelines.Rules(), new StreamSink(output));
        replay.Run(reader, CancellationToken.None);
        Assert.That(replay.Count, Is.EqualTo(reader.Count));
        return output.ToArray();
    }

    private static int FirstSignalOffset(byte[] file)
    {
        for (var at = 64; at < file.Length; at += PipelineEvent.InputSizeBytes)
        {
            if (file[at] == (byte)EventKind.TradeQualified)
                return at;
        }

        throw new InvalidOperationException("no signal was recorded");
    }
}
