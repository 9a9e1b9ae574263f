using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>Called on the conductor's thread when a subscription has a new image.</summary>
public delegate void AvailableImageHandler(Image image);

/// <summary>Called on the conductor's thread when a subscription has lost an image.</summary>
public delegate void UnavailableImageHandler(Image image);

/// <summary>Called on the conductor's thread when a client somewhere has added a counter.</summary>
public delegate void AvailableCounterHandler(CountersReader countersReader, long registrationId, int counterId);

/// <summary>Called on the conductor's thread when a counter is gone.</summary>
public delegate void UnavailableCounterHandler(CountersReader countersReader, long registrationId, int counterId);

/// <summary>Takes what subscribers report to this client's publications, on the conductor's thread.</summary>
public interface IPublicationErrorFrameHandler
{
    /// <summary>Called with an object that is used again: <see cref="PublicationErrorFrame.Clone"/> keeps it.</summary>
    void OnPublicationError(PublicationErrorFrame errorFrame);
}

/// <summary>Ignores what subscribers report.</summary>
public sealed class NoOpPublicationErrorFrameHandler : IPublicationErrorFrameHandler
{
    /// <inheritdoc/>
    public void OnPublicationError(PublicationErrorFrame errorFrame)
    {
    }
}

/// <summary>
/// Computes the reserved value of a frame that is complete but for it: a checksum or a time, say. The frame's length
/// counts its header.
/// </summary>
public delegate long ReservedValueSupplier(IDirectBuffer termBuffer, int termOffset, int frameLength);
