namespace ExecutionPipeline.Aeron.Client;

/// <summary>Called on the conductor's thread when a subscription has a new image.</summary>
public delegate void AvailableImageHandler(Image image);
