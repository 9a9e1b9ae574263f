namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>Thrown by an agent to end its loop.</summary>
public sealed class AgentTerminationException(string message = "agent terminated") : Exception(message);
