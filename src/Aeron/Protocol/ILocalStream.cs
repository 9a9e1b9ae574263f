namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>A publication as the driver of this very process has it.</summary>
internal interface ILocalStream
{
    /// <summary>
    /// Counts one more publisher of this process, which moves the limit itself: while all publishers are of this
    /// process, the driver need not hurry. Moves the limit for the first time.
    /// </summary>
    void Attach();

    /// <summary>Counts one publisher of this process less.</summary>
    void Detach();

    /// <summary>
    /// Moves the publication's limit now, on the caller's thread, unless the driver is at it. Allocates nothing and
    /// waits for nobody.
    /// </summary>
    void MoveLimit();
}
