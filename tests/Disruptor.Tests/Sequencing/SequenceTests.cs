namespace ExecutionPipeline.Disruptor.Tests.Sequencing;

public sealed class SequenceTests
{
    [Test]
    public void ShouldStartBeforeTheFirstEventWhenNoValueIsGiven()
    {
        Assert.That(new Sequence().Value, Is.EqualTo(-1));
    }

    [Test]
    public void ShouldReturnTheNewValueWhenAdding()
    {
        var sequence = new Sequence(40);

        Assert.Multiple(() =>
        {
            Assert.That(sequence.IncrementAndGet(), Is.EqualTo(41));
            Assert.That(sequence.AddAndGet(10), Is.EqualTo(51));
            Assert.That(sequence.Value, Is.EqualTo(51));
            Assert.That(sequence.ToString(), Is.EqualTo("51"));
        });
    }

    [Test]
    public void ShouldSetOnlyTheExpectedValueWhenComparing()
    {
        var sequence = new Sequence(1);

        Assert.Multiple(() =>
        {
            Assert.That(sequence.CompareAndSet(2, 3), Is.False);
            Assert.That(sequence.Value, Is.EqualTo(1));
            Assert.That(sequence.CompareAndSet(1, 3), Is.True);
            Assert.That(sequence.Value, Is.EqualTo(3));
        });
    }

    [Test]
    public void ShouldLoseNoAdditionWhenTwoThreadsAdd()
    {
        const int additions = 50_000;
        var sequence = new Sequence(0);

        Parallel.Invoke(
            () => AddOneByOne(sequence, additions),
            () => AddOneByOne(sequence, additions));

        Assert.That(sequence.Value, Is.EqualTo(2 * additions));
    }

    private static void AddOneByOne(Sequence sequence, int additions)
    {
        for (var i = 0; i < additions; i++)
            sequence.IncrementAndGet();
    }
}
