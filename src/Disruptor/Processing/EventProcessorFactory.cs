using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor.Processing;

/// <summary>Chooses the parts of a processor by the ring, the barrier and the handler.</summary>
public static class EventProcessorFactory
{
    private const string OnlyWithDynamicCode = "Called only where code can be made at run time.";

    /// <summary>Creates the processor of a handler of a ring in managed memory.</summary>
    public static IValueEventProcessor<T> Create<T>(
        ValueRingBuffer<T> dataProvider,
        SequenceBarrier sequenceBarrier,
        IValueEventHandler<T> eventHandler)
        where T : struct
    {
        var slots = new EventProcessorHelpers.ValueRingBufferDataProvider<T>(dataProvider);
        return Create(slots, sequenceBarrier, eventHandler);
    }

    /// <summary>Creates the processor of a handler of a ring in unmanaged memory.</summary>
    public static IValueEventProcessor<T> Create<T>(
        UnmanagedRingBuffer<T> dataProvider,
        SequenceBarrier sequenceBarrier,
        IValueEventHandler<T> eventHandler)
        where T : unmanaged
    {
        var slots = new EventProcessorHelpers.UnmanagedRingBufferDataProvider<T>(dataProvider);
        return Create(slots, sequenceBarrier, eventHandler);
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = OnlyWithDynamicCode)]
    private static IValueEventProcessor<T> Create<T, TDataProvider>(
        TDataProvider slots,
        SequenceBarrier sequenceBarrier,
        IValueEventHandler<T> eventHandler)
        where T : struct
        where TDataProvider : struct, IValueDataProvider<T>
    {
        if (eventHandler.MaxBatchSize is < 1)
            throw new ArgumentException($"MaxBatchSize of {eventHandler} must be null or at least 1");

        return RuntimeFeature.IsDynamicCodeSupported
            ? CreateSpecialised(slots, sequenceBarrier, eventHandler)
            : CreateGeneral(slots, sequenceBarrier, eventHandler);
    }

    /// <summary>Every type argument is a value type: the JIT compiles one loop for this very handler.</summary>
    [RequiresDynamicCode(OnlyWithDynamicCode)]
    [RequiresUnreferencedCode(OnlyWithDynamicCode)]
    private static IValueEventProcessor<T> CreateSpecialised<T, TDataProvider>(
        TDataProvider slots,
        SequenceBarrier sequenceBarrier,
        IValueEventHandler<T> eventHandler)
        where T : struct
        where TDataProvider : struct, IValueDataProvider<T>
    {
        var reader = CreatePublishedSequenceReader(sequenceBarrier);
        var handler = HandlerProxy.Create(eventHandler);
        IOnBatchStartEvaluator batchStart = HasOwnOnBatchStart(eventHandler)
            ? new EventProcessorHelpers.DefaultOnBatchStartEvaluator()
            : new EventProcessorHelpers.NoopOnBatchStartEvaluator();
        IBatchSizeLimiter limiter = eventHandler.MaxBatchSize is { } maxBatchSize
            ? new EventProcessorHelpers.DefaultBatchSizeLimiter(maxBatchSize)
            : new EventProcessorHelpers.NoopBatchSizeLimiter();

        var type = typeof(ValueEventProcessor<,,,,,>).MakeGenericType(
            typeof(T),
            typeof(TDataProvider),
            reader.GetType(),
            handler.GetType(),
            batchStart.GetType(),
            limiter.GetType());

        object[] parts = [slots, sequenceBarrier, reader, handler, batchStart, limiter];
        return (IValueEventProcessor<T>)Activator.CreateInstance(
            type,
            BindingFlags.Public | BindingFlags.Instance | BindingFlags.DoNotWrapExceptions,
            binder: null,
            parts,
            culture: null)!;
    }

    /// <summary>
    /// Where no code can be made at run time, the handler and the rare parts are called through interfaces.
    /// </summary>
    private static IValueEventProcessor<T> CreateGeneral<T, TDataProvider>(
        TDataProvider slots,
        SequenceBarrier sequenceBarrier,
        IValueEventHandler<T> eventHandler)
        where T : struct
        where TDataProvider : struct, IValueDataProvider<T>
    {
        return new ValueEventProcessor<
            T,
            TDataProvider,
            IPublishedSequenceReader,
            IValueEventHandler<T>,
            EventProcessorHelpers.DefaultOnBatchStartEvaluator,
            EventProcessorHelpers.DefaultBatchSizeLimiter>(
            slots,
            sequenceBarrier,
            CreatePublishedSequenceReader(sequenceBarrier),
            eventHandler,
            new EventProcessorHelpers.DefaultOnBatchStartEvaluator(),
            new EventProcessorHelpers.DefaultBatchSizeLimiter(eventHandler.MaxBatchSize ?? int.MaxValue));
    }

    private static IPublishedSequenceReader CreatePublishedSequenceReader(SequenceBarrier sequenceBarrier)
    {
        // What the consumers before this one have processed is published, whoever published it.
        if (!sequenceBarrier.DependentSequences.DependsOnCursor)
            return new EventProcessorHelpers.NoopPublishedSequenceReader();

        return sequenceBarrier.Sequencer switch
        {
            SingleProducerSequencer => new EventProcessorHelpers.NoopPublishedSequenceReader(),
            MultiProducerSequencer multi =>
                new EventProcessorHelpers.MultiProducerSequencerPublishedSequenceReader(multi),
            var other => new EventProcessorHelpers.UnknownSequencerPublishedSequenceReader(other),
        };
    }

    /// <summary>Whether the handler's type has an OnBatchStart of its own, public or explicit.</summary>
    [RequiresUnreferencedCode(OnlyWithDynamicCode)]
    private static bool HasOwnOnBatchStart<T>(IValueEventHandler<T> eventHandler)
        where T : struct
    {
        var map = eventHandler.GetType().GetInterfaceMap(typeof(IValueEventHandler<T>));
        var index = Array.FindIndex(
            map.InterfaceMethods,
            method => method.Name == nameof(IValueEventHandler<T>.OnBatchStart));
        return map.TargetMethods[index].DeclaringType != typeof(IValueEventHandler<T>);
    }
}
