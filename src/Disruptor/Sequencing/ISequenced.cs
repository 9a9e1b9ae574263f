namespace ExecutionPipeline.Disruptor;

/// <summary>The producers' side of a ring: claim a sequence, write the event, publish the sequence.</summary>
public interface ISequenced
{
    /// <summary>Events that the ring holds: a power of two.</summary>
    int BufferSize { get; }

    /// <summary>
    /// Whether <paramref name="requiredCapacity"/> events could be claimed now. Another producer may claim them first.
    /// </summary>
    bool HasAvailableCapacity(int requiredCapacity);

    /// <summary>Events that could be claimed now.</summary>
    long GetRemainingCapacity();

    /// <summary>Claims the next event, spinning while the ring is full.</summary>
    /// <returns>The claimed sequence, which must be published.</returns>
    long Next();

    /// <summary>Claims <paramref name="n"/> events in a row, spinning while there is no room for them.</summary>
    /// <returns>The highest claimed sequence; the lowest is <paramref name="n"/> - 1 below it.</returns>
    /// <exception cref="ArgumentException"><paramref name="n"/> is below 1 or above the ring's size.</exception>
    long Next(int n);

    /// <summary>Claims the next event if there is room for it.</summary>
    /// <returns>False when the ring is full; nothing is claimed then.</returns>
    bool TryNext(out long sequence);

    /// <summary>Claims <paramref name="n"/> events in a row if there is room for all of them.</summary>
    /// <returns>False when there is not; nothing is claimed then.</returns>
    /// <exception cref="ArgumentException"><paramref name="n"/> is below 1 or above the ring's size.</exception>
    bool TryNext(int n, out long sequence);

    /// <summary>Hands the event at <paramref name="sequence"/> to the consumers.</summary>
    void Publish(long sequence);

    /// <summary>Hands the events from <paramref name="lo"/> to <paramref name="hi"/> to the consumers.</summary>
    void Publish(long lo, long hi);
}
