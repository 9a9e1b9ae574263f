namespace ExecutionPipeline.Aeron.Client;

/// <summary>Something went wrong in the client or between it and the driver.</summary>
public class AeronException : Exception
{
    /// <summary>An error of its own.</summary>
    public AeronException(string message)
        : this(message, Category.ERROR)
    {
    }

    /// <summary>An error of its own, and how bad it is.</summary>
    public AeronException(string message, Category category)
        : base($"{category} - {message}") => Category = category;

    /// <summary>An error with a cause.</summary>
    public AeronException(string message, Exception innerException)
        : this(message, innerException, Category.ERROR)
    {
    }

    /// <summary>An error with a cause, and how bad it is.</summary>
    public AeronException(string message, Exception innerException, Category category)
        : base($"{category} - {message}", innerException) => Category = category;

    /// <summary>How bad it is.</summary>
    public Category Category { get; }

    /// <summary>True for an error after which there is no going on.</summary>
    public static bool IsFatal(Exception exception) => exception is AeronException { Category: Category.FATAL };
}
