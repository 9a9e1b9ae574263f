namespace ExecutionPipeline.Cli.Drivers;

/// <summary>What a driver's thread does when there is nothing to do.</summary>
public enum IdleChoice
{
    /// <summary>Sleeps, longer while less moves: 4 ms when nothing does, 16 ms while nobody publishes.</summary>
    Adaptive,

    /// <summary>Sleeps 1 ms.</summary>
    Sleep,

    /// <summary>Spins, yields, then sleeps up to 1 ms.</summary>
    Backoff,

    /// <summary>Yields its processor, and takes all of it when nobody else wants it.</summary>
    Yield,

    /// <summary>Spins: a whole processor.</summary>
    Spin,
}
