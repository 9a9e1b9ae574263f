namespace ExecutionPipeline.Disruptor.Tests.Sequencing;

public sealed class DependentSequenceGroupTests
{
    [Test]
    public void ShouldFollowTheCursorWhenThereIsNothingElse()
    {
        var cursor = new Sequence(7);
        var group = new DependentSequenceGroup(cursor);

        Assert.Multiple(() =>
        {
            Assert.That(group.Value, Is.EqualTo(7));
            Assert.That(group.CursorValue, Is.EqualTo(7));
            Assert.That(group.DependsOnCursor, Is.True);
            Assert.That(group.DependentSequenceCount, Is.EqualTo(1));
        });
    }

    [TestCase(new long[] { 3 }, 3)]
    [TestCase(new long[] { 3, 5 }, 3)]
    [TestCase(new long[] { 5, 3 }, 3)]
    [TestCase(new long[] { 9, 8, 1, 4 }, 1)]
    public void ShouldBeTheLowestOfItsSequencesWhenThereAreSome(long[] values, long lowest)
    {
        var sequences = Array.ConvertAll(values, value => new Sequence(value));
        var group = new DependentSequenceGroup(new Sequence(10), sequences);

        Assert.Multiple(() =>
        {
            Assert.That(group.Value, Is.EqualTo(lowest));
            Assert.That(group.CursorValue, Is.EqualTo(10));
            Assert.That(group.DependsOnCursor, Is.False);
            Assert.That(group.DependentSequenceCount, Is.EqualTo(values.Length));
        });
    }

    [Test]
    public void ShouldCompareByIdentityWhenAskedForTheSameDependencies()
    {
        var cursor = new Sequence();
        var first = new Sequence();
        var second = new Sequence();
        var group = new DependentSequenceGroup(cursor, first, second);

        Assert.Multiple(() =>
        {
            Assert.That(group.HasSameDependencies(new DependentSequenceGroup(cursor, first, second)), Is.True);
            Assert.That(group.HasSameDependencies(new DependentSequenceGroup(cursor, second, first)), Is.False);
            Assert.That(group.HasSameDependencies(new DependentSequenceGroup(cursor, first)), Is.False);
            Assert.That(group.HasSameDependencies(new DependentSequenceGroup(new Sequence(), first, second)), Is.False);
        });
    }
}
