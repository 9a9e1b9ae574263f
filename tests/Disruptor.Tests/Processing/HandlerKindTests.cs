using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Processing;

/// <summary>However a handler is written, it is called directly and nothing is allocated for an event.</summary>
public sealed class HandlerKindTests : ProcessorFixture
{
    private static readonly Func<CallCounter, IValueEventHandler<TestEvent>>[] Kinds =
    [
        counter => new PublicHandler(counter),
        counter => new PrivateHandler(counter),
        counter => new ExplicitHandler(counter),
        counter => new DerivedHandler(counter),
        counter => new GenericHandler<PrivateHandler>(counter),
        counter => new StructHandler(counter),
        counter => new DefaultingHandler(counter),
    ];

    [TestCaseSource(nameof(Kinds))]
    public void ShouldCallTheHandlerWhateverItsKind(Func<CallCounter, IValueEventHandler<TestEvent>> kind)
    {
        var counter = new CallCounter();
        var processor = NewProcessor(kind(counter));
        Ring.PublishValues(1, 2, 3);

        Start(processor);
        WaitFor(processor, 2);

        Assert.That(counter.Sum, Is.EqualTo(6));
    }

    [TestCaseSource(nameof(Kinds))]
    public void ShouldMakeOneLoopForTheHandlerWhateverItsKind(Func<CallCounter, IValueEventHandler<TestEvent>> kind)
    {
        var processor = NewProcessor(kind(new CallCounter()));

        Assert.That(processor.GetType().GetGenericArguments(), Has.All.Matches<Type>(type => type.IsValueType));
    }

    [Test]
    public void ShouldKeepWhatAHandlerOfAValueTypeChangesOfItself()
    {
        IValueEventHandler<TestEvent> handler = new CountingStructHandler();
        var processor = NewProcessor(handler);
        Ring.PublishValues(1, 2);
        Start(processor);
        WaitFor(processor, 1);
        Ring.PublishValues(3);
        WaitFor(processor, 2);

        Assert.That(((CountingStructHandler)handler).Sum, Is.EqualTo(6));
    }

    [Test]
    public void ShouldTellOfBatchesOnlyWhenTheHandlerWantsToKnow()
    {
        var deaf = NewProcessor(new PublicHandler(new CallCounter()));
        var listening = NewProcessor(new ExplicitHandler(new CallCounter()));

        Assert.Multiple(() =>
        {
            Assert.That(
                deaf.GetType().GetGenericArguments(),
                Has.Member(typeof(EventProcessorHelpers.NoopOnBatchStartEvaluator)));
            Assert.That(
                listening.GetType().GetGenericArguments(),
                Has.Member(typeof(EventProcessorHelpers.DefaultOnBatchStartEvaluator)));
        });
    }

    [Test]
    public void ShouldReleaseEventsWithinABatchWhenTheHandlerSetsItsSequence()
    {
        var handler = new EarlyReleasingHandler();
        var processor = NewProcessor(handler);
        Ring.PublishValues(1, 2, 3);

        Start(processor);
        Assert.That(handler.Reached.Wait(Eventually.Limit), Is.True);
        Assert.That(processor.Sequence.Value, Is.Zero, "the first event is released, the batch is not at its end");

        handler.GoOn.Set();
        WaitFor(processor, 2);
    }

    public sealed class CallCounter
    {
        private long _sum;

        public long Sum => Interlocked.Read(ref _sum);

        public void Add(long value) => Interlocked.Add(ref _sum, value);
    }

    public sealed class PublicHandler(CallCounter counter) : IValueEventHandler<TestEvent>
    {
        public void OnEvent(ref TestEvent data, long sequence, bool endOfBatch) => counter.Add(data.Value);
    }

    private class PrivateHandler(CallCounter counter) : IValueEventHandler<TestEvent>
    {
        public virtual void OnEvent(ref TestEvent data, long sequence, bool endOfBatch) => counter.Add(data.Value);
    }

    private sealed class DerivedHandler(CallCounter counter) : PrivateHandler(new CallCounter())
    {
        public override void OnEvent(ref TestEvent data, long sequence, bool endOfBatch) => counter.Add(data.Value);
    }

    private sealed class GenericHandler<T>(CallCounter counter) : IValueEventHandler<TestEvent>
    {
        public void OnEvent(ref TestEvent data, long sequence, bool endOfBatch) => counter.Add(data.Value);
    }

    private sealed class ExplicitHandler(CallCounter counter) : IValueEventHandler<TestEvent>
    {
        void IValueEventHandler<TestEvent>.OnEvent(ref TestEvent data, long sequence, bool endOfBatch)
        {
            counter.Add(data.Value);
        }

        void IValueEventHandler<TestEvent>.OnBatchStart(long batchSize)
        {
        }
    }

    private readonly struct StructHandler(CallCounter counter) : IValueEventHandler<TestEvent>
    {
        public void OnEvent(ref TestEvent data, long sequence, bool endOfBatch) => counter.Add(data.Value);
    }

    private struct CountingStructHandler : IValueEventHandler<TestEvent>
    {
        public long Sum { get; private set; }

        public void OnEvent(ref TestEvent data, long sequence, bool endOfBatch) => Sum += data.Value;
    }

    private interface IDefaultingHandler : IValueEventHandler<TestEvent>
    {
        CallCounter Counter { get; }

        void IValueEventHandler<TestEvent>.OnEvent(ref TestEvent data, long sequence, bool endOfBatch)
        {
            Counter.Add(data.Value);
        }
    }

    private sealed class DefaultingHandler(CallCounter counter) : IDefaultingHandler
    {
        public CallCounter Counter => counter;
    }

    private sealed class EarlyReleasingHandler : IValueEventHandler<TestEvent>, IEventProcessorSequenceAware
    {
        private Sequence _sequence = null!;

        public ManualResetEventSlim Reached { get; } = new();

        public ManualResetEventSlim GoOn { get; } = new();

        public void SetSequenceCallback(Sequence sequenceCallback) => _sequence = sequenceCallback;

        public void OnEvent(ref TestEvent data, long sequence, bool endOfBatch)
        {
            if (sequence == 0)
                _sequence.SetValue(0);

            if (sequence != 1)
                return;

            Reached.Set();
            GoOn.Wait(Eventually.Limit);
        }
    }
}
