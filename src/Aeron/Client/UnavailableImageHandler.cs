namespace ExecutionPipeline.Aeron.Client;

/// <summary>Called on the conductor's thread when a subscription has lost an image.</summary>
public delegate void UnavailableImageHandler(Image image);
