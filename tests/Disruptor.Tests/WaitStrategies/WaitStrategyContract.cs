using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.WaitStrategies;

/// <summary>What every wait strategy does.</summary>
public abstract class WaitStrategyContract
{
    private Sequence _cursor = null!;
    private IWaitStrategy _strategy = null!;

    [SetUp]
    public void CreateStrategy()
    {
        _cursor = new Sequence();
        _strategy = NewWaitStrategy();
    }

    [TestCase(10, 10, 10)]
    [TestCase(15, 12, 12)]
    public void ShouldReturnAtOnceWhenTheSequenceIsAvailable(long cursor, long dependency, long expected)
    {
        _cursor.SetValue(cursor);

        Assert.That(NewWaiter(new Sequence(dependency)).WaitFor(10, default).AvailableSequence, Is.EqualTo(expected));
    }

    [Test]
    public void ShouldReturnWhenTheEventIsPublished()
    {
        var wait = StartWait(NewWaiter(), 3, CancellationToken.None);

        _cursor.SetValue(5);
        _strategy.SignalAllWhenBlocking();

        Assert.That(Eventually.Result(wait, "wait").AvailableSequence, Is.EqualTo(5));
    }

    [Test]
    public void ShouldReturnWhenTheEventIsPublishedAfterSignalsForEarlierOnes()
    {
        // So many that the waiter has long been woken for an earlier event and sleeps again.
        const long wanted = 100_000;
        var wait = StartWait(NewWaiter(), wanted, CancellationToken.None);

        for (var sequence = 0L; sequence <= wanted; sequence++)
        {
            _cursor.SetValue(sequence);
            _strategy.SignalAllWhenBlocking();
        }

        Assert.That(Eventually.Result(wait, "wait").AvailableSequence, Is.EqualTo(wanted));
    }

    [Test]
    public void ShouldReturnWhenTheConsumerBeforeHasComeThere()
    {
        var before = new Sequence();
        var wait = StartWait(NewWaiter(before), 3, CancellationToken.None);

        _cursor.SetValue(5);
        _strategy.SignalAllWhenBlocking();
        before.SetValue(2);
        Assert.That(wait.IsCompleted, Is.False);

        before.SetValue(4);
        Assert.That(Eventually.Result(wait, "wait").AvailableSequence, Is.EqualTo(4));
    }

    [Test]
    public void ShouldThrowWhenCancelledWhileWaiting()
    {
        using var cancellation = new CancellationTokenSource();
        var waiter = NewWaiter();
        var wait = StartWait(waiter, 3, cancellation.Token);

        cancellation.Cancel();
        waiter.Cancel();

        Assert.That(
            () => Eventually.Result(wait, "wait"),
            Throws.TypeOf<AggregateException>().With.InnerException.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void ShouldThrowWhenCancelledBeforeWaiting()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.That(
            () => NewWaiter().WaitFor(3, cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void ShouldMissNoSignalWhenEveryEventIsWaitedFor()
    {
        const int count = 2_000;
        var consumed = new Sequence();
        var waiter = NewWaiter();
        var consumer = Task.Run(() =>
        {
            for (var sequence = 0L; sequence < count; sequence++)
            {
                while (waiter.WaitFor(sequence, CancellationToken.None).IsTimeout)
                {
                }

                consumed.SetValue(sequence);
            }
        });

        // Each event is published when the last one is consumed, so the consumer is about to sleep or asleep.
        for (var sequence = 0L; sequence < count; sequence++)
        {
            _cursor.SetValue(sequence);
            _strategy.SignalAllWhenBlocking();
            Eventually.HoldsSoon(() => consumed.Value >= sequence, "consumption of the event");
        }

        Eventually.Completes(consumer, "consumer");
    }

    protected abstract IWaitStrategy NewWaitStrategy();

    private ISequenceWaiter NewWaiter(params Sequence[] dependencies)
    {
        var group = new DependentSequenceGroup(_cursor, dependencies);
        return _strategy.NewSequenceWaiter(SequenceWaiterOwner.Unknown, group);
    }

    private static Task<SequenceWaitResult> StartWait(ISequenceWaiter waiter, long sequence, CancellationToken token)
    {
        var started = new ManualResetEventSlim();
        var wait = Task.Run(() =>
        {
            started.Set();
            return waiter.WaitFor(sequence, token);
        });

        Assert.That(started.Wait(Eventually.Limit), Is.True);
        return wait;
    }
}
