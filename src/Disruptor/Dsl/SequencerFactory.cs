namespace ExecutionPipeline.Disruptor.Dsl;

/// <summary>Creates sequencers, and says what the defaults are.</summary>
public static class SequencerFactory
{
    /// <summary>Several producers: safe whoever publishes.</summary>
    public static readonly ProducerType DefaultProducerType = ProducerType.Multi;

    /// <summary>Creates a <see cref="BlockingWaitStrategy"/>: it costs least where nobody has chosen.</summary>
    public static IWaitStrategy DefaultWaitStrategy() => new BlockingWaitStrategy();

    /// <summary>Creates a sequencer with the default wait strategy.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind of producers is none of the enum's.</exception>
    /// <exception cref="ArgumentException">The size is not a power of two.</exception>
    public static ISequencer Create(ProducerType producerType, int bufferSize)
    {
        return Create(producerType, bufferSize, DefaultWaitStrategy());
    }

    /// <summary>Creates a sequencer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind of producers is none of the enum's.</exception>
    /// <exception cref="ArgumentException">The size is not a power of two.</exception>
    public static ISequencer Create(ProducerType producerType, int bufferSize, IWaitStrategy waitStrategy)
    {
        return producerType switch
        {
            ProducerType.Single => new SingleProducerSequencer(bufferSize, waitStrategy),
            ProducerType.Multi => new MultiProducerSequencer(bufferSize, waitStrategy),
            _ => throw new ArgumentOutOfRangeException(nameof(producerType), producerType, null),
        };
    }
}
