namespace ExecutionPipeline.Aeron.Client;

/// <summary>The driver gave this client up because it did not show life in time.</summary>
public sealed class ClientTimeoutException(string message) : AeronTimeoutException(message, Category.FATAL);
