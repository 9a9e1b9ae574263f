namespace ExecutionPipeline.Aeron.Client;

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
