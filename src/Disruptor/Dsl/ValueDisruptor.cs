using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor.Dsl;

/// <summary>
/// A ring in managed memory and the consumers of its events.
/// <code>
/// using var disruptor = new ValueDisruptor&lt;Quote&gt;(() => default, 1024, new YieldingWaitStrategy());
/// disruptor.HandleEventsWith(journal, enrich).Then(route);
/// disruptor.Start();
/// using (var scope = disruptor.PublishEvent())
///     scope.Event().Price = 1;
/// </code>
/// </summary>
/// <typeparam name="T">The type of the events.</typeparam>
public class ValueDisruptor<T> : ValueTypeDisruptor<T>
    where T : struct
{
    /// <summary>Creates a disruptor for several producers, with the default scheduler and wait strategy.</summary>
    /// <param name="eventFactory">Called once for each slot.</param>
    /// <param name="ringBufferSize">Events that the ring holds: a power of two.</param>
    /// <exception cref="ArgumentException">The size is not a power of two.</exception>
    public ValueDisruptor(Func<T> eventFactory, int ringBufferSize)
        : this(eventFactory, ringBufferSize, TaskScheduler.Default)
    {
    }

    /// <summary>Creates a disruptor for several producers, with the default scheduler.</summary>
    /// <inheritdoc cref="ValueDisruptor{T}(Func{T}, int)"/>
    public ValueDisruptor(Func<T> eventFactory, int ringBufferSize, IWaitStrategy waitStrategy)
        : this(
            eventFactory,
            ringBufferSize,
            TaskScheduler.Default,
            SequencerFactory.DefaultProducerType,
            waitStrategy)
    {
    }

    /// <summary>Creates a disruptor for several producers, with the default wait strategy.</summary>
    /// <inheritdoc cref="ValueDisruptor{T}(Func{T}, int)"/>
    public ValueDisruptor(Func<T> eventFactory, int ringBufferSize, TaskScheduler taskScheduler)
        : this(
            eventFactory,
            ringBufferSize,
            taskScheduler,
            SequencerFactory.DefaultProducerType,
            SequencerFactory.DefaultWaitStrategy())
    {
    }

    /// <summary>Creates a disruptor.</summary>
    /// <param name="eventFactory">Called once for each slot.</param>
    /// <param name="ringBufferSize">Events that the ring holds: a power of two.</param>
    /// <param name="taskScheduler">Gives each handler its thread.</param>
    /// <param name="producerType">Whether one thread publishes, or several.</param>
    /// <param name="waitStrategy">How consumers wait.</param>
    /// <exception cref="ArgumentException">The size is not a power of two.</exception>
    public ValueDisruptor(
        Func<T> eventFactory,
        int ringBufferSize,
        TaskScheduler taskScheduler,
        ProducerType producerType,
        IWaitStrategy waitStrategy)
        : base(ValueRingBuffer<T>.Create(producerType, eventFactory, ringBufferSize, waitStrategy), taskScheduler)
    {
    }

    /// <summary>Creates a disruptor of zeroed events.</summary>
    /// <param name="ringBufferSize">Events that the ring holds: a power of two.</param>
    /// <param name="taskScheduler">Gives each handler its thread.</param>
    /// <param name="producerType">Whether one thread publishes, or several.</param>
    /// <param name="waitStrategy">How consumers wait.</param>
    /// <param name="memory">What to ask of the system for the ring's memory.</param>
    /// <exception cref="ArgumentException">The size is not a power of two.</exception>
    /// <exception cref="IOException">The system refuses what <paramref name="memory"/> asks for.</exception>
    public ValueDisruptor(
        int ringBufferSize,
        TaskScheduler taskScheduler,
        ProducerType producerType,
        IWaitStrategy waitStrategy,
        RingMemoryOptions memory)
        : base(
            new ValueRingBuffer<T>(SequencerFactory.Create(producerType, ringBufferSize, waitStrategy), memory),
            taskScheduler)
    {
    }

    /// <summary>The ring.</summary>
    public new ValueRingBuffer<T> RingBuffer
    {
        // The constructor has put a ring of this type there.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.As<ValueRingBuffer<T>>(base.RingBuffer);
    }

    /// <inheritdoc cref="ICursored.Cursor"/>
    public long Cursor => RingBuffer.Cursor;

    /// <inheritdoc cref="ISequenced.BufferSize"/>
    public long BufferSize => RingBuffer.BufferSize;

    /// <summary>The event's slot.</summary>
    public ref T this[long sequence] => ref RingBuffer[sequence];

    /// <inheritdoc cref="ValueRingBuffer{T}.PublishEvent"/>
    public ValueRingBuffer<T>.UnpublishedEventScope PublishEvent() => RingBuffer.PublishEvent();

    /// <inheritdoc cref="ValueRingBuffer{T}.PublishEvents"/>
    public ValueRingBuffer<T>.UnpublishedEventBatchScope PublishEvents(int count) => RingBuffer.PublishEvents(count);
}
