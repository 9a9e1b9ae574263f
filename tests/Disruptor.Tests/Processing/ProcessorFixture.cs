using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Processing;

/// <summary>A ring and the means to run one handler on it.</summary>
public abstract class ProcessorFixture
{
    private readonly List<IEventProcessor> _processors = [];

    protected ValueRingBuffer<TestEvent> Ring { get; private set; } = null!;

    protected RecordingExceptionHandler<TestEvent> Exceptions { get; private set; } = null!;

    [SetUp]
    public void CreateRing()
    {
        Exceptions = new RecordingExceptionHandler<TestEvent>();
        UseRing(new BlockingWaitStrategy());
    }

    [TearDown]
    public void HaltAll()
    {
        _processors.ForEach(processor => processor.Dispose());
        _processors.Clear();
    }

    protected void UseRing(IWaitStrategy waitStrategy, ProducerType producerType = ProducerType.Single)
    {
        Ring = ValueRingBuffer<TestEvent>.Create(producerType, () => default, 64, waitStrategy);
    }

    protected IValueEventProcessor<TestEvent> NewProcessor(IValueEventHandler<TestEvent> handler)
    {
        var processor = EventProcessorFactory.Create(Ring, Ring.NewBarrier(), handler);
        processor.SetExceptionHandler(Exceptions);
        Ring.AddGatingSequences(processor.Sequence);
        _processors.Add(processor);
        return processor;
    }

    protected static void WaitFor(IEventProcessor processor, long sequence)
    {
        Eventually.HoldsSoon(() => processor.Sequence.Value >= sequence, $"processing of {sequence}");
    }

    protected static void Start(IEventProcessor processor) => Eventually.Completes(processor.Start(), "start");

    protected static void Halt(IEventProcessor processor) => Eventually.Completes(processor.Halt(), "halt");
}
