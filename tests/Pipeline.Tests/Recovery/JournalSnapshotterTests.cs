using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Recovery;
using ExecutionPipeline.Pipeline.Snapshots;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Recovery;

/// <summary>Snapshots that are made from the journal alone are those of the pipeline.</summary>
[TestFixture]
public sealed class JournalSnapshotterTests
{
    private const int Events = 6_000;

    private readonly CrashedFolder _folders = new();

    [OneTimeTearDown]
    public void RemoveFolders() => _folders.Dispose();

    [Test]
    public void ShouldSaveTheSameStateWhenItGoesOnFromASnapshotOrFromTheBeginning()
    {
        var options = TestPipelines.Managed(Topology.Inline);
        var folder = _folders.New();
        var input = new SeededInput(TestSeed.Next(), options.Instruments.Count);
        using (var run = new JournalledRun(folder, options, input))
            run.Run(Events);

        var other = _folders.Copy(folder);
        using (var whole = Open(folder, options))
        {
            Assert.That(whole.Run(long.MaxValue, CancellationToken.None), Is.Zero);
            Assert.That(whole.Save());
        }

        long reached;
        using (var part = Open(other, options))
        {
            Assert.That(part.Run(Events / 4, CancellationToken.None), Is.GreaterThan(3));
            reached = part.Sequence;
        }

        using var rest = Open(other, options);
        Assert.That(rest.Sequence, Is.InRange(Events / 4, reached - 1));
        rest.Run(long.MaxValue, CancellationToken.None);
        Assert.That(rest.Save());
        Assert.That(rest.Sequence, Is.EqualTo(reached));
        Assert.That(StateOf(other, reached), Is.EqualTo(StateOf(folder, reached)));
    }

    private static JournalSnapshotter Open(string folder, PipelineOptions options) =>
        new(folder, options, TestPipelines.Rules(), models: null, isFollowing: false);

    private static byte[] StateOf(string folder, long sequence) => File.ReadAllBytes(
        new SnapshotFolder(Path.Combine(folder, "snapshots")).PathOf(sequence));
}
