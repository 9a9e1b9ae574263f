namespace ExecutionPipeline.Aeron.Client;

/// <summary>Something took too long.</summary>
public class AeronTimeoutException(string message, Category category = Category.ERROR)
    : AeronException(message, category);
