using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Dsl;

/// <summary>What every disruptor of value types does, wherever its ring is.</summary>
public abstract class ValueTypeDisruptorContract
{
    private readonly List<string> _order = [];
    private ValueTypeDisruptor<TestEvent> _disruptor = null!;

    [SetUp]
    public void CreateDisruptor()
    {
        _order.Clear();
        _disruptor = NewDisruptor(64, ProducerType.Single, new BlockingSpinWaitWaitStrategy());
    }

    [TearDown]
    public void DisposeDisruptor() => _disruptor.Dispose();

    [Test]
    public void ShouldCallHandlersInTheOrderOfTheChainWhenTheyAreChained()
    {
        _disruptor.HandleEventsWith(Named("a")).Then(Named("b")).Then(Named("c"));

        PublishAndShutDown(1);

        Assert.That(_order, Is.EqualTo(new[] { "a0", "b0", "c0" }));
    }

    [Test]
    public void ShouldWaitForBothWhenTwoBranchesJoin()
    {
        var (a, b, c, d) = (Named("a"), Named("b"), Named("c"), Named("d"));
        _disruptor.HandleEventsWith(a).Then(b, c).Then(d);

        PublishAndShutDown(2);

        foreach (var sequence in new[] { 0, 1 })
        {
            var at = Array.ConvertAll(["a", "b", "c", "d"], name => _order.IndexOf(name + sequence));
            Assert.That(at, Has.All.GreaterThanOrEqualTo(0));
            Assert.That(at[0], Is.LessThan(Math.Min(at[1], at[2])));
            Assert.That(at[3], Is.GreaterThan(Math.Max(at[1], at[2])));
        }
    }

    [Test]
    public void ShouldJoinGroupsWhenTheyAreAddedToEachOther()
    {
        var (a, b, c) = (Named("a"), Named("b"), Named("c"));
        var first = _disruptor.HandleEventsWith(a);
        var second = _disruptor.HandleEventsWith(b);
        first.And(second).Then(c);

        PublishAndShutDown(1);

        Assert.That(_order[^1], Is.EqualTo("c0"));
        Assert.That(_disruptor.GetDependentSequencesFor(c)!.DependentSequenceCount, Is.EqualTo(2));
    }

    [Test]
    public void ShouldPutHandlersBehindOthersWhenTheyAreNamedLater()
    {
        var (a, b) = (Named("a"), Named("b"));
        _disruptor.HandleEventsWith(a);
        _disruptor.After(a).HandleEventsWith(b);

        PublishAndShutDown(1);

        Assert.That(_order, Is.EqualTo(new[] { "a0", "b0" }));
    }

    [Test]
    public void ShouldHoldUpTheProducerOnlyAtTheEndOfTheChain()
    {
        using var gate = new ManualResetEventSlim();
        var first = new RecordingHandler<TestEvent>();
        var last = new RecordingHandler<TestEvent> { OnEventAction = _ => gate.Wait(Eventually.Limit) };
        _disruptor.HandleEventsWith(first).Then(last);
        Eventually.Completes(_disruptor.Start(), "start");

        for (var i = 0; i < 64; i++)
            _disruptor.RingBuffer.PublishValues(i);

        Eventually.HoldsSoon(() => _disruptor.GetSequenceValueFor(first) == 63, "the first handler is done");
        Assert.That(_disruptor.RingBuffer.TryNext(out _), Is.False, "the last handler holds the ring");
        gate.Set();
        Eventually.HoldsSoon(() => _disruptor.RingBuffer.GetRemainingCapacity() == 64, "the last handler is done");
    }

    [Test]
    public void ShouldThrowAndRunOnWhenEventsAreLeftAtTheTimeout()
    {
        using var gate = new ManualResetEventSlim();
        _disruptor.HandleEventsWith(new RecordingHandler<TestEvent>
        {
            OnEventAction = _ => gate.Wait(Eventually.Limit),
        });
        Eventually.Completes(_disruptor.Start(), "start");
        _disruptor.RingBuffer.PublishValues(1);

        Assert.That(() => _disruptor.Shutdown(TimeSpan.FromMilliseconds(1)), Throws.TypeOf<TimeoutException>());
        Assert.That(_disruptor.IsRunning, Is.True);

        gate.Set();
        Eventually.Completes(_disruptor.Shutdown(TimeSpan.MaxValue), "shutdown");
        Assert.That(_disruptor.IsRunning, Is.False);
    }

    [Test]
    public void ShouldLeaveEventsUnprocessedWhenHalted()
    {
        using var entered = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        var handler = new RecordingHandler<TestEvent>
        {
            MaxBatchSize = 1,
            OnEventAction = _ =>
            {
                entered.Set();
                gate.Wait(Eventually.Limit);
            },
        };
        _disruptor.HandleEventsWith(handler);
        Eventually.Completes(_disruptor.Start(), "start");
        _disruptor.RingBuffer.PublishValues(1, 2, 3);
        Assert.That(entered.Wait(Eventually.Limit), Is.True);

        var halt = _disruptor.Halt();
        gate.Set();
        Eventually.Completes(halt, "halt");

        Assert.That(handler.Values, Is.EqualTo(new[] { 1L }));
        Assert.That(handler.Calls[^1], Is.EqualTo("shutdown"));
    }

    [Test]
    public void ShouldUseTheDefaultExceptionHandlerWhenTheHandlerHasNone()
    {
        var ordinary = new RecordingExceptionHandler<TestEvent>();
        var special = new RecordingExceptionHandler<TestEvent>();
        var first = new RecordingHandler<TestEvent> { OnEventAction = _ => throw new IOException("one") };
        var second = new RecordingHandler<TestEvent> { OnEventAction = _ => throw new IOException("two") };
        _disruptor.HandleEventsWith(first, second);
        _disruptor.SetDefaultExceptionHandler(ordinary);
        _disruptor.SetExceptionHandler(second, special);

        PublishAndShutDown(1);

        Assert.That(ordinary.Calls, Is.EqualTo(new[] { "event 0 one" }));
        Assert.That(special.Calls, Is.EqualTo(new[] { "event 0 two" }));
    }

    [Test]
    public void ShouldRunCustomProcessorsWhenTheyAreAdded()
    {
        var (a, b) = (Named("a"), Named("b"));
        _disruptor.HandleEventsWith(a)
            .Then((ring, barrier) => ring.CreateEventProcessor(barrier, b))
            .Then(Named("c"));

        PublishAndShutDown(1);

        Assert.That(_order, Is.EqualTo(new[] { "a0", "b0", "c0" }));
    }

    [Test]
    public void ShouldNotMistakeHandlersWhenTheyCallThemselvesEqual()
    {
        var (a, b) = (new EqualHandler(), new EqualHandler());
        _disruptor.HandleEventsWith(a).Then(b);
        PublishAndShutDown(3);

        Assert.That(_disruptor.GetDependentSequencesFor(a)!.DependsOnCursor, Is.True);
        Assert.That(_disruptor.GetDependentSequencesFor(b)!.DependsOnCursor, Is.False);
        Assert.That((a.Count, b.Count), Is.EqualTo((3, 3)));
    }

    [Test]
    public void ShouldRefuseWhenTheHandlerIsUnknown()
    {
        var stranger = Named("x");

        Assert.Multiple(() =>
        {
            Assert.That(() => _disruptor.After(stranger), Throws.ArgumentException);
            Assert.That(() => _disruptor.GetSequenceValueFor(stranger), Throws.ArgumentException);
            Assert.That(_disruptor.GetDependentSequencesFor(stranger), Is.Null);
        });
    }

    [Test]
    public void ShouldRefuseWhenTheStateDoesNotAllowIt()
    {
        Assert.That(() => _disruptor.Halt(), Throws.InvalidOperationException);
        _disruptor.HandleEventsWith(Named("a"));
        Eventually.Completes(_disruptor.Start(), "start");

        Assert.Multiple(() =>
        {
            Assert.That(_disruptor.HasStarted, Is.True);
            Assert.That(() => _disruptor.Start(), Throws.InvalidOperationException);
            Assert.That(() => _disruptor.HandleEventsWith(Named("b")), Throws.InvalidOperationException);
            Assert.That(
                () => _disruptor.SetDefaultExceptionHandler(new ValueIgnoreExceptionHandler<TestEvent>()),
                Throws.InvalidOperationException);
            Assert.That(
                () => _disruptor.Shutdown(TimeSpan.FromMilliseconds(-5)),
                Throws.TypeOf<ArgumentOutOfRangeException>());
        });

        Eventually.Completes(_disruptor.Halt(), "halt");
        Assert.That(() => _disruptor.Halt(), Throws.InvalidOperationException);
        Assert.That(() => _disruptor.Start(), Throws.InvalidOperationException);
        _disruptor.Dispose();
        Assert.That(() => _disruptor.HandleEventsWith(Named("b")), Throws.InvalidOperationException);
    }

    [Test]
    public void ShouldEndItsHandlersWhenDisposedOfWhileRunning()
    {
        var handler = new RecordingHandler<TestEvent>();
        _disruptor.HandleEventsWith(handler);
        Eventually.Completes(_disruptor.Start(), "start");
        _disruptor.Dispose();

        Eventually.Holds(() => handler.Calls[^1] == "shutdown", "end of the handler");
    }

    protected abstract ValueTypeDisruptor<TestEvent> NewDisruptor(
        int size,
        ProducerType producerType,
        IWaitStrategy waitStrategy);

    private RecordingHandler<TestEvent> Named(string name)
    {
        return new RecordingHandler<TestEvent>
        {
            OnEventAction = sequence =>
            {
                lock (_order)
                    _order.Add(name + sequence);
            },
        };
    }

    private void PublishAndShutDown(int count)
    {
        Eventually.Completes(_disruptor.Start(), "start");
        for (var i = 0; i < count; i++)
            _disruptor.RingBuffer.PublishValues(i);

        Eventually.Completes(_disruptor.Shutdown(Eventually.Limit), "shutdown");
    }

    private sealed class EqualHandler : IValueEventHandler<TestEvent>
    {
        public int Count { get; private set; }

        public void OnEvent(ref TestEvent data, long sequence, bool endOfBatch) => Count++;

        public override bool Equals(object? obj) => true;

        public override int GetHashCode() => 1;
    }
}
