namespace ExecutionPipeline.Aeron.Driver;

/// <summary>Whether a client that presents a token may end the driver. By default none may.</summary>
public delegate bool TerminationValidator(ReadOnlySpan<byte> token);
