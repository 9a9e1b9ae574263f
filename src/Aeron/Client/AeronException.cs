namespace ExecutionPipeline.Aeron.Client;

/// <summary>Something went wrong in the client or between it and the driver.</summary>
public class AeronException : Exception
{
    /// <summary>An error of its own.</summary>
    public AeronException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a cause.</summary>
    public AeronException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
