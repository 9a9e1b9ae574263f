namespace ExecutionPipeline.Aeron.Client;

/// <summary>Takes what subscribers report to this client's publications, on the conductor's thread.</summary>
public interface IPublicationErrorFrameHandler
{
    /// <summary>Called with an object that is used again: <see cref="PublicationErrorFrame.Clone"/> keeps it.</summary>
    void OnPublicationError(PublicationErrorFrame errorFrame);
}
