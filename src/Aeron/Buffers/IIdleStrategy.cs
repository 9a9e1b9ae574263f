namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>What a thread does when it finds no work.</summary>
public interface IIdleStrategy
{
    /// <summary>Idles when <paramref name="workCount"/> is zero, and starts over when it is not.</summary>
    void Idle(int workCount);

    /// <summary>Idles once.</summary>
    void Idle();

    /// <summary>Starts over: the next idling is the shortest.</summary>
    void Reset();
}
