using ExecutionPipeline.Control.Link;

namespace ExecutionPipeline.Control.Tests;

/// <summary>Where a client goes on that knows the pipeline's own numbers.</summary>
public sealed class EventLogTests
{
    /// <summary>A signal's latencies have no number: they tell nothing of what came before them.</summary>
    [Test]
    public void ShouldGoOnBehindWhatAClientHasWhenMessagesWithoutNumbersLieBetween()
    {
        var log = LogOf(5, [5, 6, 0, 7, 0]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(log.FindAfter(new PipelineNumber(7, 5)), Is.EqualTo(2));
            Assert.That(log.FindAfter(new PipelineNumber(7, 6)), Is.EqualTo(3));
            Assert.That(log.FindAfter(new PipelineNumber(7, 7)), Is.EqualTo(5));
            Assert.That(log.FindAfter(new PipelineNumber(7, 4)), Is.EqualTo(1));
            Assert.That(log.FindAfter(new PipelineNumber(7, 3)), Is.Null, "4 is not kept");
            Assert.That(log.FindAfter(new PipelineNumber(8, 5)), Is.Null, "it is of another run");
        }
    }

    [Test]
    public void ShouldGoOnWithTheOldestWhenTheNextNumberIsTheFirstThatIsKept()
    {
        var log = LogOf(4, [7, 0, 0, 8, 0]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(log.FindAfter(new PipelineNumber(7, 7)), Is.EqualTo(2));
            Assert.That(log.FindAfter(new PipelineNumber(7, 6)), Is.Null, "7 is no longer kept");
        }
    }

    [Test]
    public void ShouldTellTheLastNumberWhenTheLastMessageHasNone()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(LogOf(2, []).LastNumber, Is.EqualTo(default(PipelineNumber)));
            Assert.That(LogOf(2, [5, 6, 0]).LastNumber, Is.EqualTo(new PipelineNumber(7, 6)));
            Assert.That(LogOf(2, [5, 6, 0, 0, 0]).LastNumber, Is.EqualTo(new PipelineNumber(7, 6)), "gone, and known");
        }
    }

    private static EventLog LogOf(int capacity, long[] numbers)
    {
        var log = new EventLog(capacity);
        foreach (var number in numbers)
            log.Append([1], new PipelineNumber(7, number));
        return log;
    }
}
