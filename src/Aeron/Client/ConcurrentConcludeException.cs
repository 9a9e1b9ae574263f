namespace ExecutionPipeline.Aeron.Client;

/// <summary>A context belongs to another client already.</summary>
public sealed class ConcurrentConcludeException() : AeronException("the context belongs to another client already");
