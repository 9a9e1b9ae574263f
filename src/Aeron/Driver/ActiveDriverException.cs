using ExecutionPipeline.Aeron.Client;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>A driver is running in the directory already.</summary>
public sealed class ActiveDriverException(string message) : AeronException(message);
