namespace ExecutionPipeline.Aeron.Client;

/// <summary>The client's conductor did not run for so long that the driver must have given it up.</summary>
public sealed class ConductorServiceTimeoutException(string message) : AeronTimeoutException(message, Category.FATAL);
