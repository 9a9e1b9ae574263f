using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Processing;

public sealed class ValueEventProcessorTests : ProcessorFixture
{
    [Test]
    public void ShouldCallTheHandlerInOrderWhenItLives()
    {
        var handler = new RecordingHandler<TestEvent>();
        var processor = NewProcessor(handler);
        Ring.PublishValues(10, 11, 12);

        Start(processor);
        WaitFor(processor, 2);
        Halt(processor);

        Assert.Multiple(() =>
        {
            Assert.That(
                handler.Calls,
                Is.EqualTo(new[] { "start", "batch 3", "event 0", "event 1", "last 2", "shutdown" }));
            Assert.That(handler.Values, Is.EqualTo(new[] { 10L, 11L, 12L }));
        });
    }

    [Test]
    public void ShouldCutBatchesWhenTheHandlerLimitsThem()
    {
        var handler = new RecordingHandler<TestEvent> { MaxBatchSize = 2 };
        var processor = NewProcessor(handler);
        Ring.PublishValues(0, 0, 0, 0, 0);

        Start(processor);
        WaitFor(processor, 4);

        Assert.That(
            handler.Calls.Where(call => call.StartsWith("batch", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "batch 2", "batch 2", "batch 1" }));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void ShouldBeRefusedWhenTheBatchLimitIsImpossible(int maxBatchSize)
    {
        Assert.That(
            () => NewProcessor(new RecordingHandler<TestEvent> { MaxBatchSize = maxBatchSize }),
            Throws.ArgumentException);
    }

    [Test]
    public void ShouldGoOnWithTheNextEventWhenTheExceptionIsHandled()
    {
        var handler = new RecordingHandler<TestEvent> { OnEventAction = sequence => ThrowIf(sequence == 1) };
        var processor = NewProcessor(handler);
        Ring.PublishValues(10, 11, 12);

        Start(processor);
        WaitFor(processor, 2);

        Assert.Multiple(() =>
        {
            Assert.That(handler.Values, Is.EqualTo(new[] { 10L, 12L }));
            Assert.That(Exceptions.Calls, Is.EqualTo(new[] { "event 1 boom" }));
        });
    }

    [Test]
    public void ShouldEndWhenTheExceptionHandlerThrows()
    {
        var handler = new RecordingHandler<TestEvent> { OnEventAction = _ => ThrowIf(true) };
        var processor = NewProcessor(handler);
        processor.SetExceptionHandler(new ValueFatalExceptionHandler<TestEvent>());
        Ring.PublishValues(10);

        Start(processor);
        Eventually.Holds(() => !processor.IsRunning, "end");

        Assert.Multiple(() =>
        {
            Assert.That(handler.Calls[^1], Is.EqualTo("shutdown"));
            Assert.That(processor.Sequence.Value, Is.EqualTo(-1), "the event was not processed");
        });
    }

    [Test]
    public void ShouldReportWhatOnStartThrowsWhenItIsHandled()
    {
        var processor = NewProcessor(new RecordingHandler<TestEvent> { OnStartAction = () => ThrowIf(true) });
        Ring.PublishValues(10);

        Start(processor);
        WaitFor(processor, 0);

        Assert.That(Exceptions.Calls, Is.EqualTo(new[] { "start boom" }));
    }

    [Test]
    public void ShouldFailToStartWhenOnStartThrowsAndItIsFatal()
    {
        var processor = NewProcessor(new RecordingHandler<TestEvent> { OnStartAction = () => ThrowIf(true) });
        processor.SetExceptionHandler(new ValueFatalExceptionHandler<TestEvent>());

        Assert.That(
            async () => await processor.Start().WaitAsync(Eventually.Limit),
            Throws.TypeOf<ApplicationException>().With.InnerException.Message.EqualTo("boom"));
        Assert.That(processor.IsRunning, Is.False);
    }

    [Test]
    public void ShouldEndAllTheSameWhenOnShutdownThrows([Values] bool isFatal)
    {
        var processor = NewProcessor(new RecordingHandler<TestEvent> { OnShutdownAction = () => ThrowIf(true) });
        if (isFatal)
            processor.SetExceptionHandler(new ValueFatalExceptionHandler<TestEvent>());

        Start(processor);
        Halt(processor);

        Assert.That(processor.IsRunning, Is.False);
        Assert.That(Exceptions.Calls, Is.EqualTo(isFatal ? Array.Empty<string>() : ["shutdown boom"]));
    }

    [Test]
    public void ShouldTellTheHandlerWhenTheWaitTimesOut()
    {
        UseRing(new TimeoutBlockingWaitStrategy(TimeSpan.FromMilliseconds(1)));
        using var timedOut = new CountdownEvent(2);
        var processor = NewProcessor(new RecordingHandler<TestEvent>
        {
            OnTimeoutAction = sequence =>
            {
                if (sequence == 0 && !timedOut.IsSet)
                    timedOut.Signal();

                ThrowIf(true);
            },
        });

        Start(processor);
        Ring.PublishValues(10);

        Assert.That(timedOut.Wait(Eventually.Limit), Is.True);
        Halt(processor);
        Assert.That(Exceptions.Calls, Has.Some.EqualTo("timeout 0 boom"));
    }

    [Test]
    public void ShouldGoOnWhereItStoppedWhenStartedAgain()
    {
        var handler = new RecordingHandler<TestEvent>();
        var processor = NewProcessor(handler);
        for (var round = 0; round < 5; round++)
        {
            Start(processor);
            Ring.PublishValues(round);
            WaitFor(processor, round);
            Halt(processor);
        }

        Assert.That(handler.Values, Is.EqualTo(new[] { 0L, 1L, 2L, 3L, 4L }));
    }

    [Test]
    public void ShouldRefuseWhenStartedTwiceOrDisposedOf()
    {
        var processor = NewProcessor(new RecordingHandler<TestEvent>());
        Start(processor);
        Assert.That(() => processor.Start(), Throws.InvalidOperationException);

        processor.Dispose();
        Eventually.Completes(processor.Halt(), "end");
        Assert.That(() => processor.Start(), Throws.InvalidOperationException);
    }

    [Test]
    public void ShouldHaltWhenItHasNotBeenStarted()
    {
        var processor = NewProcessor(new RecordingHandler<TestEvent>());

        Halt(processor);
        Assert.That(processor.IsRunning, Is.False);
    }

    [Test]
    public void ShouldRefuseWhenTheExceptionHandlerIsNull()
    {
        Assert.That(
            () => NewProcessor(new RecordingHandler<TestEvent>()).SetExceptionHandler(null!),
            Throws.ArgumentNullException);
    }

    [Test]
    public void ShouldNotPassAnUnpublishedEventWhenThereAreSeveralProducers()
    {
        UseRing(new YieldingWaitStrategy(), ProducerType.Multi);
        var handler = new RecordingHandler<TestEvent>();
        var processor = NewProcessor(handler);
        Start(processor);

        var first = Ring.Next();
        var second = Ring.Next();
        Ring[second].Value = 11;
        Ring.Publish(second);
        Assert.That(processor.Sequence.Value, Is.EqualTo(-1));

        Ring[first].Value = 10;
        Ring.Publish(first);
        WaitFor(processor, 1);
        Assert.That(handler.Values, Is.EqualTo(new[] { 10L, 11L }));
        Assert.That(handler.Calls, Has.None.EqualTo("batch 0"));
    }

    private static void ThrowIf(bool condition)
    {
        if (condition)
            throw new InvalidOperationException("boom");
    }
}
