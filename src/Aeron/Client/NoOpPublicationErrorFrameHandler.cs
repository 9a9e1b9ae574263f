namespace ExecutionPipeline.Aeron.Client;

/// <summary>Ignores what subscribers report.</summary>
public sealed class NoOpPublicationErrorFrameHandler : IPublicationErrorFrameHandler
{
    /// <inheritdoc/>
    public void OnPublicationError(PublicationErrorFrame errorFrame)
    {
    }
}
