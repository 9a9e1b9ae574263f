namespace ExecutionPipeline.Aeron.Client;

/// <summary>A context's settings are impossible, or do not go together.</summary>
public sealed class ConfigurationException(string message) : AeronException(message);
