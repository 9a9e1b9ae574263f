namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>A publication as the driver of this very process has it.</summary>
internal interface ILocalStream
{
    /// <summary>
    /// Moves the publication's limit now, on the caller's thread, unless the driver is at it. Allocates nothing and
    /// waits for nobody.
    /// </summary>
    void MoveLimit();
}
