namespace ExecutionPipeline.Aeron.Client;

/// <summary>The driver is not there, or has not shown life for too long.</summary>
public sealed class DriverTimeoutException(string message) : AeronTimeoutException(message, Category.FATAL);
