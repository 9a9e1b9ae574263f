using ExecutionPipeline.Aeron.Protocol;

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
        : base($"{category} - {message}") => (Category, Reason) = (category, message);

    /// <summary>An error with a cause.</summary>
    public AeronException(string message, Exception innerException)
        : this(message, innerException, Category.ERROR)
    {
    }

    /// <summary>An error with a cause, and how bad it is.</summary>
    public AeronException(string message, Exception innerException, Category category)
        : base($"{category} - {message}", innerException) => (Category, Reason) = (category, message);

    /// <summary>How bad it is.</summary>
    public Category Category { get; }

    /// <summary>The message without its category: a sentence for the operator.</summary>
    public string Reason { get; }

    /// <summary>True for an error after which there is no going on.</summary>
    public static bool IsFatal(Exception exception) => exception is AeronException { Category: Category.FATAL };
}

/// <summary>Something took too long.</summary>
public class AeronTimeoutException(string message, Category category = Category.ERROR)
    : AeronException(message, category);

/// <summary>How bad an <see cref="AeronException"/> is.</summary>
public enum Category
{
    /// <summary>There is no going on: the client, or its driver, has ended.</summary>
    FATAL,

    /// <summary>What was asked for was not done.</summary>
    ERROR,

    /// <summary>Worth knowing; trying again may help.</summary>
    WARN,
}

/// <summary>The network endpoint of a channel failed.</summary>
public sealed class ChannelEndpointException(int statusIndicatorId, string message) : AeronException(message)
{
    /// <summary>The counter of the channel's status.</summary>
    public int StatusIndicatorId { get; } = statusIndicatorId;
}

/// <summary>The driver gave this client up because it did not show life in time.</summary>
public sealed class ClientTimeoutException(string message) : AeronTimeoutException(message, Category.FATAL);

/// <summary>A context belongs to another client already.</summary>
public sealed class ConcurrentConcludeException() : AeronException("the context belongs to another client already");

/// <summary>The client's conductor did not run for so long that the driver must have given it up.</summary>
public sealed class ConductorServiceTimeoutException(string message) : AeronTimeoutException(message, Category.FATAL);

/// <summary>A context's settings are impossible, or do not go together.</summary>
public sealed class ConfigurationException(string message) : AeronException(message);

/// <summary>The driver is not there, or has not shown life for too long.</summary>
public sealed class DriverTimeoutException(string message) : AeronTimeoutException(message, Category.FATAL);

/// <summary>The driver refused a command.</summary>
public sealed class RegistrationException(long correlationId, int errorCodeValue, ErrorCode code, string message)
    : AeronException(
        message, code == Protocol.ErrorCode.RESOURCE_TEMPORARILY_UNAVAILABLE ? Category.WARN : Category.ERROR)
{
    /// <inheritdoc/>
    public override string Message =>
        $"correlationId={correlationId}, errorCodeValue={errorCodeValue}, {base.Message}";

    /// <summary>The command.</summary>
    public long CorrelationId() => correlationId;

    /// <summary>Why.</summary>
    public ErrorCode ErrorCode() => code;

    /// <summary>Why, as it was sent.</summary>
    public int ErrorCodeValue() => errorCodeValue;
}
